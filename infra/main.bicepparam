using 'main.bicep'

// What `azd env set NAME VALUE` holds; lists with ';' between their entries.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param workspaceIds = split(readEnvironmentVariable('ALERTFUNCTIONS_WORKSPACES'), ';')
param operatorEmails = filter(split(readEnvironmentVariable('ALERTFUNCTIONS_OPERATORS', ''), ';'), address => !empty(address))
param registries = json(readEnvironmentVariable('ALERTFUNCTIONS_REGISTRIES', '[]'))
param clusters = json(readEnvironmentVariable('ALERTFUNCTIONS_CLUSTERS', '[]'))
param manageAlertRules = bool(readEnvironmentVariable('ALERTFUNCTIONS_MANAGE_ALERT_RULES', 'false'))
param connectEvents = bool(readEnvironmentVariable('ALERTFUNCTIONS_CONNECT_EVENTS', 'false'))

@description('Prefix of the names.')
param name string
param location string
param tags object
@description('Principal id of the identity that the app runs as: it may publish telemetry and nothing else.')
param principalId string
@description('Mail addresses that hear when the app falls silent; the one thing that the app cannot report itself.')
param operatorEmails string[]

// Monitoring Metrics Publisher. learn.microsoft.com/azure/role-based-access-control/built-in-roles/monitor
var metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

resource logs 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: '${name}-logs'
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 30
    features: { disableLocalAuth: true }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: '${name}-insights'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: logs.id
    DisableLocalAuth: true
  }
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, principalId, metricsPublisher)
  scope: insights
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', metricsPublisher)
  }
}

resource operators 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${name}-operators'
  location: 'Global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'alertfn'
    emailReceivers: [for (email, index) in operatorEmails: {
      name: 'operator${index}'
      emailAddress: email
      useCommonAlertSchema: true
    }]
  }
}

// The dead man's switch lives outside the app: a timer that stopped cannot say so.
resource silence 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${name}-heartbeat-stopped'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'AlertFunctions has stopped'
    description: 'No heartbeat of the app in 15 minutes: detections are not evaluated. See infra/README.md, "When the heartbeat stops".'
    severity: 1
    enabled: true
    scopes: [logs.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    // The table holds nothing until the first heartbeat.
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: 'AppMetrics | where Name == "alertfunctions.heartbeat"'
          timeAggregation: 'Count'
          operator: 'LessThan'
          threshold: 1
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: [operators.id] }
  }
}

output connectionString string = insights.properties.ConnectionString
output actionGroupId string = operators.id

@description('Name of a Log Analytics workspace in this resource group that detections read.')
param workspaceName string
param principalId string

// Log Analytics Reader. learn.microsoft.com/azure/role-based-access-control/built-in-roles/monitor
var reader = '73c42c96-874c-492b-b04d-ab87d138a893'

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(workspace.id, principalId, reader)
  scope: workspace
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', reader)
    description: 'AlertFunctions runs its detections over this workspace.'
  }
}

output customerId string = workspace.properties.customerId

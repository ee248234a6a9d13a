// Grants roles to the app on one resource group's resources. One module call a resource group, since a module has one scope.
@description('Principal id of the identity that the app runs as.')
param principalId string
@description('Role definition ids (GUIDs) to grant on the whole resource group.')
param roles string[]
@description('What the roles are for; shown beside the assignment.')
param reason string

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in roles: {
  name: guid(resourceGroup().id, principalId, role)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    description: reason
  }
}]

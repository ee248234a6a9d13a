@description('Name of a container registry in this resource group whose pushes are watched.')
param registryName string
param principalId string

// AcrPull, and for registries with attribute-based permissions Container Registry Repository Reader.
// learn.microsoft.com/azure/role-based-access-control/built-in-roles/containers
var roles = ['7f951dda-4ed3-4680-a7ca-43fe172d538d', 'b93aa761-3e63-49ed-ac28-beffa264f7ac']

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' existing = {
  name: registryName
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in roles: {
  name: guid(registry.id, principalId, role)
  scope: registry
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    description: 'AlertFunctions looks for proof of a scan among the referrers of pushed images.'
  }
}]

@description('Name of the storage account: state, work queues, the deployment package and undelivered events.')
param name string
param location string
param tags object
@description('Principal id of the identity that the app runs as.')
param principalId string
@description('Whether the account is reached through private endpoints only.')
param isPrivate bool

// The app's own queues and table. The Functions host makes the poison queues itself; they are here so that least privilege holds from the first run.
var queueNames = ['evaluations', 'evaluations-poison', 'deliveries', 'deliveries-poison']

// Storage Blob Data Owner (host locks, keys, deployment package), Storage Queue Data Contributor, Storage Table Data Contributor.
// learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage
var roles = [
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
]

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_ZRS' }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      // Event Grid writes undelivered events as a trusted service.
      bypass: 'AzureServices'
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'

    resource deployment 'containers' = {
      name: 'deployment'
    }

    resource deadLetters 'containers' = {
      name: 'undelivered-events'
    }
  }

  resource queueService 'queueServices' = {
    name: 'default'

    resource queues 'queues' = [for queueName in queueNames: {
      name: queueName
    }]
  }

  resource tableService 'tableServices' = {
    name: 'default'

    resource state 'tables' = {
      name: 'alertstate'
    }
  }
}

resource access 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in roles: {
  name: guid(account.id, principalId, role)
  scope: account
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
  }
}]

output id string = account.id
output name string = account.name
output blobEndpoint string = account.properties.primaryEndpoints.blob
output queueEndpoint string = account.properties.primaryEndpoints.queue
output tableEndpoint string = account.properties.primaryEndpoints.table
output deploymentContainer string = 'deployment'
output deadLetterContainer string = 'undelivered-events'

// One source of events (a registry, a cluster) in this resource group, and the function that reacts to them.
@description('Resource id of the registry or cluster.')
param sourceId string
@description('Microsoft.ContainerRegistry.Registries or Microsoft.ContainerService.ManagedClusters.')
param topicType string
param location string
param tags object
@description('Resource id of the identity with which undelivered events are stored.')
param identityId string
param functionAppId string
@description('The function that handles the events; its name is case-sensitive.')
param functionName string
param eventTypes string[]
param storageAccountId string
param deadLetterContainer string

var sourceName = last(split(sourceId, '/'))

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: '${sourceName}-alertfunctions'
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    source: sourceId
    topicType: topicType
  }

  resource subscription 'eventSubscriptions' = {
    name: toLower(functionName)
    properties: {
      eventDeliverySchema: 'EventGridSchema'
      destination: {
        endpointType: 'AzureFunction'
        properties: {
          resourceId: '${functionAppId}/functions/${functionName}'
          maxEventsPerBatch: 1
          preferredBatchSizeInKilobytes: 64
        }
      }
      filter: { includedEventTypes: eventTypes }
      retryPolicy: { eventTimeToLiveInMinutes: 1440, maxDeliveryAttempts: 30 }
      deadLetterWithResourceIdentity: {
        identity: { type: 'UserAssigned', userAssignedIdentity: identityId }
        deadLetterDestination: {
          endpointType: 'StorageBlob'
          properties: { resourceId: storageAccountId, blobContainerName: deadLetterContainer }
        }
      }
    }
  }
}

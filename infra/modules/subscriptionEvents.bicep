// Role assignments of this subscription. A subscription's system topic is global and may exist once; it is named for its purpose.
param sourceId string
param tags object
param identityId string
param functionAppId string
param storageAccountId string
param deadLetterContainer string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: 'subscription-alertfunctions'
  location: 'global'
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    source: sourceId
    topicType: 'Microsoft.Resources.Subscriptions'
  }

  resource subscription 'eventSubscriptions' = {
    name: 'handleresourceevent'
    properties: {
      eventDeliverySchema: 'EventGridSchema'
      destination: {
        endpointType: 'AzureFunction'
        properties: {
          resourceId: '${functionAppId}/functions/HandleResourceEvent'
          maxEventsPerBatch: 1
          preferredBatchSizeInKilobytes: 64
        }
      }
      filter: {
        includedEventTypes: ['Microsoft.Resources.ResourceWriteSuccess', 'Microsoft.Resources.ResourceDeleteSuccess']
        advancedFilters: [
          {
            key: 'data.operationName'
            operatorType: 'StringIn'
            values: ['Microsoft.Authorization/roleAssignments/write', 'Microsoft.Authorization/roleAssignments/delete']
          }
        ]
      }
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

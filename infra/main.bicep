targetScope = 'subscription'

metadata description = 'AlertFunctions: the app, what it runs on and the rights that it needs. See README.md beside this file.'

@description('Name of the environment, part of every name: letters, digits and dashes.')
@minLength(2)
@maxLength(20)
param environmentName string

@description('Azure region of everything that is made here.')
param location string

@description('Resource ids of the Log Analytics workspaces that detections read.')
@minLength(1)
param workspaceIds string[]

@description('A registry or cluster: its resource id, and its region, in which its Event Grid topic must lie.')
type eventSource = {
  id: string
  location: string
}

@description('The container registries whose pushes are watched.')
param registries eventSource[] = []

@description('The AKS clusters whose events are watched.')
param clusters eventSource[] = []

@description('Mail addresses that hear when the app itself falls silent.')
param operatorEmails string[] = []

@description('Whether detections marked deliver: alertRule are kept as Azure Monitor rules. Grants Monitoring Contributor on the app\'s resource group.')
param manageAlertRules bool = false

@description('Whether role assignments of this subscription are watched as they happen.')
param watchRoleAssignments bool = true

@description('Whether storage and vault are reached through private endpoints only.')
param usePrivateNetwork bool = false

@description('Tables on the Basic or Auxiliary plan that detections read: whether they fell silent is not watched, since each look would be billed.')
param basicTables string[] = []

@description('Address space of the network, when there is one.')
param addressPrefix string = '10.80.0.0/24'

@allowed([512, 2048, 4096])
param instanceMemoryMB int = 512

@description('Names of the webhook receivers in kql/routes.yaml. Each takes its address from the vault\'s secret receiver-<name>.')
param webhookReceivers string[] = ['platform', 'security']

@description('Hosts that webhooks may lie on, where they are not only those of Teams\' Workflows: a name, or *. and a name for all below it. Name Teams\' own too.')
param allowedHosts string[] = []

@description('An Event Grid receiver of kql/routes.yaml, the resource id of its topic and the address to publish to, as the topic shows it.')
type topicReceiver = {
  name: string
  topicId: string
  endpoint: string
}

@description('Event Grid topics that alerts are published to.')
param topicReceivers topicReceiver[] = []

@description('A teamsActivity receiver of kql/routes.yaml: whom it tells, by object id or user principal name, and the Teams link that opens.')
type onCallReceiver = {
  name: string
  users: string[]
  link: string
}

@description('People who are told in their Teams activity feed. The identity needs TeamsActivity.Send, see README.md.')
param onCallReceivers onCallReceiver[] = []

@description('Whether cards have buttons that acknowledge and silence. Their links are signed with the vault\'s secret link-key.')
param useAlertLinks bool = false

@description('Second stage: connects the events. The functions must have been deployed before, since Event Grid checks that they exist.')
param connectEvents bool = false

var tags = { 'azd-env-name': environmentName, application: 'AlertFunctions' }
var suffix = take(uniqueString(subscription().id, environmentName, location), 6)
var name = 'alertfn-${environmentName}-${suffix}'
var compactName = 'alertfn${toLower(replace(take(environmentName, 8), '-', ''))}${suffix}'

// Monitoring Contributor, Reader. learn.microsoft.com/azure/role-based-access-control/built-in-roles
var monitoringContributor = '749f88d5-cbae-40b8-bcfc-e573ddc772fa'
var reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${name}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: { name: '${name}-identity', location: location, tags: tags }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: compactName
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    isPrivate: usePrivateNetwork
  }
}

module keyVault 'modules/keyVault.bicep' = {
  scope: group
  params: {
    name: compactName
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    isPrivate: usePrivateNetwork
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    name: name
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    operatorEmails: operatorEmails
  }
}

module network 'modules/network.bicep' = if (usePrivateNetwork) {
  scope: group
  params: {
    name: name
    location: location
    tags: tags
    addressPrefix: addressPrefix
    storageAccountId: storage.outputs.id
    keyVaultId: keyVault.outputs.id
  }
}

module workspaceAccess 'modules/workspaceAccess.bicep' = [for (id, index) in workspaceIds: {
  name: 'workspace-access-${index}'
  scope: resourceGroup(split(id, '/')[2], split(id, '/')[4])
  params: { workspaceName: last(split(id, '/')), principalId: identity.outputs.principalId }
}]

module registryAccess 'modules/registryAccess.bicep' = [for (registry, index) in registries: {
  name: 'registry-access-${index}'
  scope: resourceGroup(split(registry.id, '/')[2], split(registry.id, '/')[4])
  params: { registryName: last(split(registry.id, '/')), principalId: identity.outputs.principalId }
}]

module topicAccess 'modules/topicAccess.bicep' = [for (receiver, index) in topicReceivers: {
  name: 'topic-access-${index}'
  scope: resourceGroup(split(receiver.topicId, '/')[2], split(receiver.topicId, '/')[4])
  params: { topicName: last(split(receiver.topicId, '/')), principalId: identity.outputs.principalId }
}]

module ruleAccess 'modules/resourceAccess.bicep' = if (manageAlertRules) {
  scope: group
  params: {
    principalId: identity.outputs.principalId
    roles: [monitoringContributor]
    reason: 'AlertFunctions keeps its alert rules in this resource group.'
  }
}

// Resource Graph answers with what the caller may read: role assignments, security assessments, clusters.
resource subscriptionAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, name, reader)
  properties: {
    principalId: identity.outputs.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', reader)
    description: 'AlertFunctions reads role assignments and security assessments.'
  }
}

module functionApp 'modules/functionApp.bicep' = {
  scope: group
  params: {
    name: name
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    blobEndpoint: storage.outputs.blobEndpoint
    queueEndpoint: storage.outputs.queueEndpoint
    tableEndpoint: storage.outputs.tableEndpoint
    deploymentContainer: storage.outputs.deploymentContainer
    insightsConnectionString: monitoring.outputs.connectionString
    subnetId: usePrivateNetwork ? network!.outputs.appSubnetId : ''
    instanceMemoryMB: instanceMemoryMB
    tellsPublicAddress: useAlertLinks
    settings: union(
      {
        AlertFunctions__Workspaces: join(workspaceIds, ';')
        AlertFunctions__Registries: join(map(registries, registry => registry.id), ';')
        AlertFunctions__ManageAlertRules: string(manageAlertRules)
        AlertFunctions__AlertRules__ResourceGroup: group.id
        AlertFunctions__AlertRules__ActionGroup: monitoring.outputs.actionGroupId
      },
      toObject(
        webhookReceivers,
        receiver => 'AlertFunctions__Receivers__${receiver}__Url',
        receiver => '@Microsoft.KeyVault(SecretUri=${keyVault.outputs.uri}secrets/receiver-${receiver})'
      ),
      toObject(topicReceivers, receiver => 'AlertFunctions__Receivers__${receiver.name}__Url', receiver => receiver.endpoint),
      toObject(onCallReceivers, receiver => 'AlertFunctions__Receivers__${receiver.name}__Users', receiver => join(receiver.users, ';')),
      toObject(onCallReceivers, receiver => 'AlertFunctions__Receivers__${receiver.name}__Link', receiver => receiver.link),
      empty(basicTables) ? {} : { AlertFunctions__BasicTables: join(basicTables, ';') },
      empty(allowedHosts) ? {} : { AlertFunctions__AllowedHosts: join(allowedHosts, ';') },
      useAlertLinks ? { AlertFunctions__LinkKey: '@Microsoft.KeyVault(SecretUri=${keyVault.outputs.uri}secrets/link-key)' } : {}
    )
  }
}

module registryEvents 'modules/eventSource.bicep' = [for (registry, index) in registries: if (connectEvents) {
  name: 'registry-events-${index}'
  scope: resourceGroup(split(registry.id, '/')[2], split(registry.id, '/')[4])
  params: {
    sourceId: registry.id
    topicType: 'Microsoft.ContainerRegistry.Registries'
    location: registry.location
    tags: tags
    identityId: identity.outputs.id
    functionAppId: functionApp.outputs.id
    functionName: 'HandleRegistryEvent'
    eventTypes: [
      'Microsoft.ContainerRegistry.ImagePushed'
      'Microsoft.ContainerRegistry.ImageDeleted'
      'Microsoft.ContainerRegistry.ChartPushed'
      'Microsoft.ContainerRegistry.ChartDeleted'
    ]
    storageAccountId: storage.outputs.id
    deadLetterContainer: storage.outputs.deadLetterContainer
  }
}]

module clusterEvents 'modules/eventSource.bicep' = [for (cluster, index) in clusters: if (connectEvents) {
  name: 'cluster-events-${index}'
  scope: resourceGroup(split(cluster.id, '/')[2], split(cluster.id, '/')[4])
  params: {
    sourceId: cluster.id
    topicType: 'Microsoft.ContainerService.ManagedClusters'
    location: cluster.location
    tags: tags
    identityId: identity.outputs.id
    functionAppId: functionApp.outputs.id
    functionName: 'HandleClusterEvent'
    eventTypes: [
      'Microsoft.ContainerService.ClusterSupportEnding'
      'Microsoft.ContainerService.ClusterSupportEnded'
      'Microsoft.ContainerService.NewKubernetesVersionAvailable'
      'Microsoft.ContainerService.NodePoolRollingStarted'
      'Microsoft.ContainerService.NodePoolRollingSucceeded'
      'Microsoft.ContainerService.NodePoolRollingFailed'
    ]
    storageAccountId: storage.outputs.id
    deadLetterContainer: storage.outputs.deadLetterContainer
  }
}]

module subscriptionEvents 'modules/subscriptionEvents.bicep' = if (connectEvents && watchRoleAssignments) {
  scope: group
  params: {
    sourceId: subscription().id
    tags: tags
    identityId: identity.outputs.id
    functionAppId: functionApp.outputs.id
    storageAccountId: storage.outputs.id
    deadLetterContainer: storage.outputs.deadLetterContainer
  }
}

// Announcements of maintenance come from the subscription, for all of its clusters.
module maintenanceEvents 'modules/eventSource.bicep' = if (connectEvents && !empty(clusters)) {
  name: 'maintenance-events'
  scope: group
  params: {
    sourceId: subscription().id
    topicType: 'Microsoft.ResourceNotifications.ContainerServiceEventResources'
    location: 'global'
    tags: tags
    identityId: identity.outputs.id
    functionAppId: functionApp.outputs.id
    functionName: 'HandleClusterEvent'
    eventTypes: ['Microsoft.ResourceNotifications.ContainerServiceEventResources.ScheduledEventEmitted']
    storageAccountId: storage.outputs.id
    deadLetterContainer: storage.outputs.deadLetterContainer
  }
}

output resourceGroupName string = group.name
output functionAppName string = functionApp.outputs.name
output functionAppHostName string = functionApp.outputs.hostName
output keyVaultName string = keyVault.outputs.name

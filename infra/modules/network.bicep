@description('Prefix of the names.')
param name string
param location string
param tags object
@description('Address space of the network, at least a /24.')
param addressPrefix string
param storageAccountId string
param keyVaultId string

var endpoints = [
  { service: 'blob', resourceId: storageAccountId, zone: 'privatelink.blob.${environment().suffixes.storage}' }
  { service: 'queue', resourceId: storageAccountId, zone: 'privatelink.queue.${environment().suffixes.storage}' }
  { service: 'table', resourceId: storageAccountId, zone: 'privatelink.table.${environment().suffixes.storage}' }
  { service: 'vault', resourceId: keyVaultId, zone: 'privatelink${replace(environment().suffixes.keyvaultDns, '.vault', '.vaultcore')}' }
]

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: '${name}-network'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 0)
          delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 1)
          privateEndpointNetworkPolicies: 'Enabled'
        }
      }
    ]
  }

  resource appSubnet 'subnets' existing = {
    name: 'app'
  }

  resource endpointSubnet 'subnets' existing = {
    name: 'endpoints'
  }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [for endpoint in endpoints: {
  name: endpoint.zone
  location: 'global'
  tags: tags
}]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (endpoint, index) in endpoints: {
  parent: zones[index]
  name: '${name}-link'
  location: 'global'
  properties: {
    registrationEnabled: false
    virtualNetwork: { id: network.id }
  }
}]

resource privateEndpoints 'Microsoft.Network/privateEndpoints@2024-05-01' = [for (endpoint, index) in endpoints: {
  name: '${name}-${endpoint.service}'
  location: location
  tags: tags
  properties: {
    subnet: { id: network::endpointSubnet.id }
    privateLinkServiceConnections: [
      {
        name: endpoint.service
        properties: {
          privateLinkServiceId: endpoint.resourceId
          groupIds: [endpoint.service]
        }
      }
    ]
  }
}]

resource zoneGroups 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = [for (endpoint, index) in endpoints: {
  parent: privateEndpoints[index]
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [{ name: endpoint.service, properties: { privateDnsZoneId: zones[index].id } }]
  }
}]

output appSubnetId string = network::appSubnet.id

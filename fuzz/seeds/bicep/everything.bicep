targetScope = 'resourceGroup'
import { size, name as other } from 'shared.bicep'
import * as all from 'shared.bicep'
extension kubernetes with {
  namespace: 'default'
} as k8s
type shape = {
  @secure()
  key: string?
  *: 'a' | 'b' | int[]
}
@description('where')
param location string = resourceGroup().location
param rules shape[] = []
var names = [for (rule, i) in rules: '${location}-${i}-${rule.?key ?? 'none'}']
func shout(text string) string => toUpper('${text}!')
resource store 'Microsoft.Storage/storageAccounts@2023-01-01' = if (length(names) > 0) {
  name: 'st${uniqueString(resourceGroup().id)}'
  location: location
  tags: {
    ...all.tags
    'odd key': '''
raw ${text}'''
  }
  resource blobs 'blobServices' existing = {
    name: 'default'
  }
}
@batchSize(2)
module net 'br/public:avm/res/network/virtual-network:0.1.0' = [for name in names: if (name != 'x') {
  scope: resourceGroup('hub')
  params: {
    id: store::blobs.id
    same: map(names, item => shout(item))
  }
}]
#disable-next-line outputs-should-not-contain-secrets
output key string = store!.listKeys().keys[0].value

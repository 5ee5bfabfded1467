import { describe, expect, it } from 'vitest'
import { nodeDefinitions } from '../../../nodes/index.ts'
import { offeredNodes, paletteTree, searchPalette } from '../../../src/pages/function/palette-tree.ts'

describe('palette', () => {
  it('has SMS Notification below Service > Message Service', () => {
    const tree = paletteTree(nodeDefinitions)
    expect(tree.folders.map((folder) => folder.key)).toEqual([
      'basic',
      'flow',
      'service',
      'function',
      'approval',
    ])
    const [messages, codes, directory] = tree.folders[2]!.folders
    expect([messages!.key, messages!.nodes.map((node) => node.type)]).toEqual([
      'message-service',
      ['sms-notification', 'wait-for-delivery', 'message-notification'],
    ])
    expect([codes!.key, codes!.nodes.map((node) => node.type)]).toEqual([
      'verification-code',
      ['send-code', 'check-code'],
    ])
    expect([directory!.key, directory!.nodes.map((node) => node.type)]).toEqual([
      'directory',
      ['find-people'],
    ])
  })

  it('offers steps of approvals only in an approval process', () => {
    const foldersOf = (isProcess: boolean) =>
      paletteTree(offeredNodes(nodeDefinitions, isProcess)).folders.map(({ key }) => key)
    expect(foldersOf(true)).toContain('approval')
    expect(foldersOf(false)).not.toContain('approval')
  })

  it('finds nodes by every word of the search, in any case', () => {
    const find = (search: string) =>
      searchPalette(nodeDefinitions, search, ({ type, menu }) => [type, ...menu]).map((n) => n.type)
    expect(find('NOTIFICATION sms')).toEqual(['sms-notification'])
    expect(find('sms nothing')).toEqual([])
    // the sibling stands before it in the palette, and has both words in its folder's name and its own
    expect(find('message notification')).toEqual(['message-notification', 'sms-notification'])
    expect(find('  ')).toHaveLength(nodeDefinitions.length)
  })
})

import { describe, expect, it } from 'vitest'
import { loadConfig } from '../config.ts'
import { type AgentWords, endpointOf, withAgentWords } from './agent-words.ts'

const configured = () => loadConfig(undefined, { SKEIN_AGENT_PATHS: '/configured/*.log', SKEIN_OTLP_HTTP_PORT: '5318' })
const apply = async (words: Partial<AgentWords>) => withAgentWords(await configured(), { paths: [], ...words })

describe('words of skein agent', () => {
  it('name files besides those of the configuration, each glob as it stands, and before them', async () => {
    const { config, pipe } = await apply({ paths: ['/a,b/*.log', '/x/{c,d}.log'] })
    expect(config.agent.paths).toEqual(['/configured/*.log'])
    expect(config.agent.files).toMatchObject([{ include: ['/a,b/*.log', '/x/{c,d}.log'], startAt: 'end', multiline: 'none' }])
    expect(pipe).toBeNull()
  })

  it('--from-beginning, --service and --multiline are about the files that they stand beside, and no others', async () => {
    const { config } = await apply({ paths: ['/a/*.log'], fromBeginning: true, service: 'epg', multiline: 'java' })
    expect(config.agent.files).toMatchObject([{ include: ['/a/*.log'], startAt: 'beginning', service: 'epg', multiline: 'java' }])
    expect(config.agent.paths).toEqual(['/configured/*.log'])
  })

  it('a pipe is read alone, as they say', async () => {
    expect((await apply({ stdin: true })).pipe).toEqual({ service: 'stdin', multiline: 'none' })
    expect((await apply({ stdin: true, service: 'cron', multiline: 'go' })).pipe).toEqual({ service: 'cron', multiline: 'go' })
    await expect(apply({ stdin: true, paths: ['/a.log'] })).rejects.toThrow('--stdin reads the pipe and nothing else')
    await expect(apply({ stdin: true, fromBeginning: true })).rejects.toThrow('--from-beginning is about files')
  })

  it.each([
    [{ fromBeginning: true }, '--from-beginning'],
    [{ service: 'epg' }, '--service'],
    [{ multiline: 'java' }, '--multiline'],
  ])('%o without a file to be about is refused', async (words, name) => {
    await expect(apply(words)).rejects.toThrow(`${name} is about the files of the command line`)
  })

  it('what a variable left empty is refused as such', async () => {
    await expect(apply({ paths: ['/a.log', ''] })).rejects.toThrow('A glob on the command line is empty')
    await expect(apply({ stdin: true, service: '' })).rejects.toThrow('--service needs a name')
  })

  it('what is no preset and no address is refused with what would be', async () => {
    await expect(apply({ paths: ['/a.log'], multiline: 'cobol' })).rejects.toThrow('--multiline must be one of none, java')
    for (const endpoint of ['localhost:4318', 'ftp://x', '']) await expect(apply({ endpoint })).rejects.toThrow('--endpoint must be an address')
  })

  it('address and key go over what is configured, and without an address it is the Skein of this machine', async () => {
    expect(endpointOf((await apply({})).config)).toBe('http://127.0.0.1:5318')
    const { config } = await apply({ endpoint: 'http://other:4318', key: 'k' })
    expect([endpointOf(config), config.agent.key]).toEqual(['http://other:4318', 'k'])
  })
})

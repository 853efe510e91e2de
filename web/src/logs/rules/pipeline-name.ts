import type { RulesAnswer } from '@skein/schemas/api/log-rules'

type Pipeline = Pick<RulesAnswer['pipelines'][number], 'id' | 'name'>

/** The first pipeline comes with the server, which knows no languages; it is called in the reader's until somebody names it. */
export function pipelineName({ id, name }: Pipeline, main: string): string {
  return id === 'main' && name === 'Main' ? main : name
}

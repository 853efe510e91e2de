import { expect, it } from 'vitest'
import { pipelineName } from './pipeline-name.ts'

it('calls the first pipeline in the language of the reader until it is given another name, and no other ever', () => {
  expect(pipelineName({ id: 'main', name: 'Main' }, '主流水线')).toBe('主流水线')
  expect(pipelineName({ id: 'main', name: 'Payments' }, '主流水线')).toBe('Payments')
  expect(pipelineName({ id: 'p2', name: 'Main' }, '主流水线')).toBe('Main')
})

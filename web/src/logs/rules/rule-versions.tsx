'use client'
import type { RuleVersionsAnswer, RuleView } from '@skein/schemas/api/log-rules'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useFormat } from '../../format/use-format.ts'
import { AnswerGate } from '../../ui/answer-gate.tsx'
import { Button } from '../../ui/button.tsx'
import { Tag } from '../../ui/chip.tsx'
import { errorWords } from '../../ui/failure-words.ts'
import { useRuleChanges, useRuleDiff, useRuleVersions } from './questions.ts'

/** What a rule was, what changed between two of its versions, and the way back. */
export function RuleVersions({ rule }: { rule: RuleView }) {
  const answer = useRuleVersions(rule.id)
  return <AnswerGate answer={answer}>{({ versions }) => <Versions key={rule.version} rule={rule} versions={versions} />}</AnswerGate>
}

function Versions({ rule, versions }: { rule: RuleView; versions: RuleVersionsAnswer['versions'] }) {
  const t = useTranslations('logs.versions')
  const format = useFormat()
  const words = useTranslations()
  const changes = useRuleChanges()
  const [chosen, setChosen] = useState(versions[1]?.version ?? 0)
  const [failure, setFailure] = useState('')
  const back = (to: number) => {
    setFailure('')
    changes.rollback(rule, to).catch((error: unknown) => setFailure(errorWords(words, error)))
  }
  return (
    <div className="grid min-w-0 flex-1 content-start items-start gap-3 overflow-auto p-3 wide:grid-cols-[320px_minmax(0,1fr)]">
      <section aria-label={t('title')} className="rounded-3 border border-line bg-surface">
        <h2 className="px-3 py-2">{t('title')}</h2>
        <ol>
          {versions.map(({ version, effectiveFrom }) => (
            <li key={version} className={`flex items-center gap-2 border-t border-line px-3 py-1.5 ${version === chosen ? 'bg-selected' : ''}`}>
              <button
                type="button"
                aria-pressed={version === chosen}
                disabled={version === rule.version}
                className="min-w-0 flex-1 text-left"
                onClick={() => setChosen(version)}
              >
                <b className="font-medium">{t('version', { version })}</b>
                <span className="block text-t3">{t('from', { time: format.dateTime(Date.parse(effectiveFrom)) })}</span>
              </button>
              {version === rule.version ? (
                <Tag tone="ok">{t('holds')}</Tag>
              ) : (
                <Button small onClick={() => back(version)}>
                  {t('rollBack')}
                  <span className="sr-only"> {t('version', { version })}</span>
                </Button>
              )}
            </li>
          ))}
        </ol>
        {failure !== '' && (
          <p role="alert" className="px-3 py-2 text-bad-text">
            {failure}
          </p>
        )}
      </section>
      {chosen > 0 ? <Diff rule={rule} from={chosen} /> : <p className="text-t2">{t('only')}</p>}
    </div>
  )
}

function Diff({ rule, from }: { rule: RuleView; from: number }) {
  const t = useTranslations('logs.versions')
  const answer = useRuleDiff(rule.id, from, rule.version)
  const text = (value: unknown): string => (value === null ? '–' : typeof value === 'string' ? value : JSON.stringify(value))
  return (
    <section aria-label={t('diff', { from, to: rule.version })} className="min-w-0 overflow-hidden rounded-3 border border-line bg-surface">
      <h2 className="px-3 py-2">{t('diff', { from, to: rule.version })}</h2>
      <AnswerGate answer={answer}>
        {({ changes }) =>
          changes.length === 0 ? (
            <p className="px-3 pb-3 text-t2">{t('same')}</p>
          ) : (
            <div className="overflow-auto" tabIndex={0} role="region" aria-label={t('diff', { from, to: rule.version })}>
              <table className="data-table">
                <thead>
                  <tr>
                    <th scope="col">{t('path')}</th>
                    <th scope="col">{t('before')}</th>
                    <th scope="col">{t('after')}</th>
                  </tr>
                </thead>
                <tbody>
                  {changes.map(({ path, before, after }) => (
                    <tr key={path}>
                      <td className="mono">{path}</td>
                      <td className="mono !whitespace-normal break-words text-t2">{text(before)}</td>
                      <td className="mono !whitespace-normal break-words">{text(after)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </AnswerGate>
    </section>
  )
}

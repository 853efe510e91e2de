'use client'
import { useTranslations } from 'next-intl'
import { useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { saveFile } from '../../ui/csv.ts'
import { Popover } from '../../ui/popover.tsx'
import { errorWords } from '../../ui/failure-words.ts'
import { useRuleChanges } from './questions.ts'

/** All rules as one file, and a file in the place of all rules. */
export function RulesFileMenu({ version }: { version: number }) {
  const t = useTranslations('logs.rulesFile')
  const words = useTranslations()
  const changes = useRuleChanges()
  const input = useRef<HTMLInputElement>(null)
  const [failure, setFailure] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const told = (error: unknown) => setFailure(errorWords(words, error))
  const save = async () => saveFile('skein-log-rules.json', new Blob([JSON.stringify(await changes.exported(), null, 2)], { type: 'application/json' }))
  const take = async (from: File) => {
    setFailure('')
    await changes.imported(JSON.parse(await from.text()), version)
    setFile(null)
  }
  return (
    <Popover label={t('label')} button={t('label')}>
      {() => (
        <div className="grid w-64 gap-2">
          <Button onClick={() => void save().catch(told)}>{t('export')}</Button>
          <Button onClick={() => input.current?.click()}>{t('import')}</Button>
          <input
            ref={input}
            type="file"
            accept="application/json,.json"
            hidden
            aria-label={t('import')}
            onChange={({ target }) => setFile(target.files?.[0] ?? null)}
          />
          {file !== null && (
            <>
              <p className="text-t2">{t('sure', { name: file.name })}</p>
              <Button look="primary" onClick={() => void take(file).catch(told)}>
                {t('replace')}
              </Button>
            </>
          )}
          {failure !== '' && (
            <p role="alert" className="text-bad-text">
              {failure}
            </p>
          )}
        </div>
      )}
    </Popover>
  )
}

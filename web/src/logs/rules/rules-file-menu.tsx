'use client'
import { useTranslations } from 'next-intl'
import { useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { saveFile } from '../../ui/csv.ts'
import { Popover } from '../../ui/popover.tsx'
import { errorWords } from '../../ui/failure-words.ts'
import { useRuleChanges } from './questions.ts'

/** All rules as one file, and a file in the place of all rules. What was chosen and what failed goes with the box that says so. */
export function RulesFileMenu({ version }: { version: number }) {
  const t = useTranslations('logs.rulesFile')
  return (
    <Popover label={t('label')} button={t('label')}>
      {(close) => <Box version={version} onDone={close} />}
    </Popover>
  )
}

function Box({ version, onDone }: { version: number; onDone: () => void }) {
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
    onDone()
  }
  const choose = (input: HTMLInputElement) => {
    setFailure('')
    setFile(input.files?.[0] ?? null)
    // the same file, mended, may be chosen again
    input.value = ''
  }
  return (
    <div className="grid w-64 gap-2">
      <Button onClick={() => void save().catch(told)}>{t('export')}</Button>
      <Button onClick={() => input.current?.click()}>{t('import')}</Button>
      <input ref={input} type="file" accept="application/json,.json" hidden aria-label={t('import')} onChange={({ target }) => choose(target)} />
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
  )
}

'use client'
import { useTranslations } from 'next-intl'
import { Button } from '../ui/button.tsx'
import { Popover } from '../ui/popover.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { GROUPINGS, groupSizes } from './groups.ts'
import { type MapState, type SetMapState, toggleGroup } from './url.ts'

/** By what the map is grouped, and which groups are closed; each with how many nodes it holds. */
export function GroupMenu({ groups, state, set }: { groups: ReadonlyMap<string, string>; state: MapState; set: SetMapState }) {
  const t = useTranslations('map')
  const sizes = groupSizes(groups)
  const nameOf = (name: string): string => (state.group === 'layer' ? t(`layer.${name as 'client'}`) : name)
  const closed = sizes.filter(({ name }) => state.closed.includes(name)).length
  const button = (
    <>
      <span className="hidden font-normal text-t2 wide:inline">{t('group.by')}</span> {t(`group.${state.group}`)}
      {closed > 0 && <span className="font-normal text-t3">{t('group.closed', { count: closed })}</span>}
    </>
  )
  return (
    <Popover label={t('group.by')} button={button}>
      {() => (
        <>
          <Segmented
            small
            label={t('group.by')}
            value={state.group}
            onChange={(group) => set({ group, closed: [] })}
            options={GROUPINGS.map((value) => ({ value, label: t(`group.${value}`) }))}
          />
          {sizes.length > 0 && (
            <>
              <ul className="grid">
                {sizes.map(({ name, nodes }) => (
                  <li key={name}>
                    <label className="flex h-7 cursor-pointer items-center gap-2 rounded-2 px-1.5 hover:bg-hover">
                      <input type="checkbox" checked={!state.closed.includes(name)} onChange={() => set({ closed: toggleGroup(state.closed, name) })} />
                      <span className="max-w-56 truncate">{nameOf(name)}</span>
                      <span className="ml-auto pl-4 text-t3">{t('groupNodes', { count: nodes })}</span>
                    </label>
                  </li>
                ))}
              </ul>
              <div className="flex gap-1.5">
                <Button small onClick={() => set({ closed: [] })}>
                  {t('group.openAll')}
                </Button>
                <Button small onClick={() => set({ closed: sizes.map(({ name }) => name) })}>
                  {t('group.closeAll')}
                </Button>
              </div>
            </>
          )}
        </>
      )}
    </Popover>
  )
}

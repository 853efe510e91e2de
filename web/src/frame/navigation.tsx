'use client'
import { useTranslations } from 'next-intl'
import { usePathname } from 'next/navigation'
import { Icon } from '../ui/icon.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import { Brand } from './brand.tsx'
import { navLabelClass } from './nav-label.ts'
import { normalPath, PAGE_GROUPS } from './pages.ts'
import type { PageEntry, PageGroup } from './pages.ts'
import { PlatformHealth } from './platform-health.tsx'

export function Navigation({ rail }: { rail: boolean }) {
  const t = useTranslations()
  const label = navLabelClass(rail)
  return (
    <nav
      aria-label={t('nav.main')}
      className="row-start-3 flex min-h-0 border-t border-line bg-surface px-2 phone:col-start-1 phone:row-span-2 phone:row-start-1 phone:flex-col phone:border-t-0 phone:border-r phone:pb-2"
    >
      <div
        className={`hidden h-[var(--top-h)] flex-none items-center justify-center gap-2 px-1.5 text-14 font-semibold tracking-[-.01em] phone:flex ${rail ? '' : 'wide:justify-start'}`}
      >
        <Brand />
        <span className={label}>{t('brand')}</span>
      </div>
      {PAGE_GROUPS.map((group) => (
        <NavGroup key={group.id} group={group} rail={rail} />
      ))}
      <PlatformHealth rail={rail} />
    </nav>
  )
}

function NavGroup({ group, rail }: { group: PageGroup; rail: boolean }) {
  const t = useTranslations('nav')
  const here = normalPath(usePathname())
  return (
    <>
      <div className={`mx-2 my-[5px] hidden border-t border-line phone:block ${rail ? '' : 'wide:mx-0 wide:my-0 wide:border-0 wide:px-2 wide:pt-3 wide:pb-1'}`}>
        <span className={`text-[10px] font-semibold tracking-[.02em] text-t3 ${navLabelClass(rail)}`}>{t(group.id)}</span>
      </div>
      {group.pages.map((page) => (
        <NavItem key={page.id} page={page} current={page.owns.includes(here)} rail={rail} label={t(page.id)} />
      ))}
    </>
  )
}

function NavItem({ page, current, rail, label }: { page: PageEntry; current: boolean; rail: boolean; label: string }) {
  const layout = rail ? 'phone:px-0' : 'phone:px-0 wide:justify-start wide:px-2'
  const state = current ? 'bg-selected font-semibold text-t1 [&_svg]:text-accent' : 'text-t2 hover:bg-hover'
  return (
    <ViewLink
      path={page.path}
      title={label}
      current={current}
      ahead
      className={`my-1.5 flex h-9 flex-1 items-center justify-center gap-[9px] rounded-2 text-[12.5px] whitespace-nowrap hover:no-underline phone:my-0 phone:h-7 phone:flex-none ${layout} ${state}`}
    >
      <Icon name={page.icon} />
      <span className={navLabelClass(rail)}>{label}</span>
    </ViewLink>
  )
}

const PATHS = {
  overview: 'M2.5 9.5h3l2-6 3 10 2-4h3',
  map: 'M6 9a2 2 0 1 1-4 0a2 2 0 0 1 4 0M16 4.5a2 2 0 1 1-4 0a2 2 0 0 1 4 0M16 13.5a2 2 0 1 1-4 0a2 2 0 0 1 4 0M5.8 8.2l6.4-3M5.8 9.8l6.4 3',
  services: 'M3 3.5h12v4H3zM3 10.5h12v4H3zM5.5 5.5h.01M5.5 12.5h.01',
  traces: 'M2.5 4h8M5.5 8h6M8.5 12h6M2.5 15.5h3',
  bottlenecks: 'M3 4h12l-4.5 5.5V15l-3-1.5V9.5z',
  logs: 'M3 4h12M3 7.500h8M3 11h12M3 14.500h6',
  scenarios: 'M6 5a2 2 0 1 1-4 0a2 2 0 0 1 4 0M6 5h4.5v8H12M16 13a2 2 0 1 1-4 0a2 2 0 0 1 4 0',
  intake: 'M9 3v8M5.5 7.5 9 11l3.5-3.5M3 12v3h12v-3',
  network: 'M3 3.5h5v4H3zM10 10.5h5v4h-5zM5.5 7.5v5H10M12.5 10.500v-5H8',
  search: 'M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3M12 12l3.5 3.5',
  clock: 'M9 2.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M9 5.5V9l2.5 1.5',
  link: 'M7.5 10.5l3-3M8 5l1.5-1.5a3.2 3.2 0 0 1 4.5 4.5L12.5 9.5M10 13l-1.5 1.5A3.2 3.2 0 0 1 4 10l1.5-1.5',
  down: 'M5.5 7.5 9 11l3.5-3.5',
  right: 'M7 5l4 4-4 4',
  left: 'M11 5 7 9l4 4',
  close: 'M5 5l8 8M13 5l-8 8',
  moon: 'M14.5 10.5A6 6 0 1 1 7.5 3.5a5 5 0 0 0 7 7',
  sun: 'M9 6a3 3 0 1 0 0 6 3 3 0 0 0 0-6M9 2v1.5M9 14.5V16M2 9h1.5M14.5 9H16M4 4l1 1M13 13l1 1M14 4l-1 1M5 13l-1 1',
  contrast: 'M9 2.5a6.5 6.5 0 1 0 0 13zM9 2.5a6.5 6.5 0 0 1 0 13M11 5.5v7M13 7v4',
  refresh: 'M14.5 9a5.5 5.5 0 1 1-1.7-4M14.5 3v3.5H11',
  upload: 'M9 12V3M5.5 6.5 9 3l3.5 3.5M4 15h10',
  download: 'M9 3v9M5.5 8.500 9 12l3.500-3.5M4 15h10',
  copy: 'M6.5 6.5h8v8h-8zM4 11.5h-.5v-8h8V4',
  warn: 'M9 3l7 12H2zM9 8v3M9 13v.01',
  lock: 'M5 8.500h8v6H5zM6.5 8.500V6a2.500 2.500 0 0 1 5 0v2.500',
  plus: 'M9 4v10M4 9h10',
  minus: 'M4 9h10',
  fit: 'M3 7V3h4M11 3h4v4M15 11v4h-4M7 15H3v-4',
  play: 'M5.5 3.5v11l9-5.5z',
  pause: 'M6 4v10M12 4v10',
  next: 'M5 4v10l6-5zM13.5 4v10',
  previous: 'M13 4v10L7 9zM4.5 4v10',
} as const

export type IconName = keyof typeof PATHS

/** Decoration beside a word; whoever uses it alone names the control. */
export function Icon({ name, size = 16, className = '' }: { name: IconName; size?: number; className?: string }) {
  return (
    <svg
      className={`block flex-none ${className}`}
      width={size}
      height={size}
      viewBox="0 0 18 18"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  )
}

// What `@skein/agent/register` means: any Node can read this, only newer ones the TypeScript behind it. An application starts in any case.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major > 22 || (major === 22 && minor >= 18)) await import('../src/register/main.ts')
else process.stderr.write(`@skein/agent/register needs Node 22.18 or newer, and this is ${process.versions.node}: nothing is sent to Skein.\n`)

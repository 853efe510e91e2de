const main = document.getElementById('paths')

/** What this page says itself, beside the document. */
const WORDS = {
  en: {
    reading: 'Reading…',
    document: 'OpenAPI 3.1 document',
    parameter: 'Parameter',
    in: 'In',
    type: 'Type',
    meaning: 'Meaning',
    otherwise: 'otherwise',
    ask: 'Ask',
    shapes: 'Shapes',
    other: 'other',
    unreadable: 'The OpenAPI document cannot be read:',
    answered: 'the server answered',
  },
  zh: {
    reading: '读取中…',
    document: 'OpenAPI 3.1 文档',
    parameter: '参数',
    in: '位置',
    type: '类型',
    meaning: '含义',
    otherwise: '其他',
    ask: '请求',
    shapes: '数据结构',
    other: '其他',
    unreadable: '无法读取 OpenAPI 文档：',
    answered: '服务器返回',
    platform: '平台',
    topology: '拓扑',
    bottlenecks: '瓶颈',
    services: '服务',
    traces: '链路追踪',
    logs: '日志',
    events: '变更',
    scenarios: '业务场景',
    jaeger: 'Jaeger',
  },
}

/** The address wins, then what was chosen in the pages of Skein, then the browser's language. */
function languageOf() {
  const asked = new URLSearchParams(location.search).get('lang')
  if (asked === 'zh' || asked === 'en') return asked
  return /^zh(?:-|$)/i.test(chosenLanguage() ?? navigator.language) ? 'zh' : 'en'
}

function chosenLanguage() {
  try {
    return localStorage.getItem('skein.lang')
  } catch {
    // Private windows may refuse storage.
    return null
  }
}

const language = languageOf()
const words = WORDS[language]
/** Sentence of the document → the same in the reader's language. */
let sentences = {}
const said = (text) => sentences[text] ?? text

/** An element with text only: nothing of the document is ever read as markup. */
function element(tag, text = '', className = '') {
  const made = document.createElement(tag)
  made.textContent = text
  if (className !== '') made.className = className
  return made
}

function typeOf(schema, depth = 0) {
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1)
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.anyOf !== undefined) return schema.anyOf.map((each) => typeOf(each, depth)).join(' | ')
  if (schema.type === 'array') return `${typeOf(schema.items ?? {}, depth)}[]`
  if (schema.type === 'object' && schema.properties !== undefined) return shapeOf(schema, depth)
  return schema.type ?? 'anything'
}

function shapeOf(schema, depth) {
  const indent = '  '.repeat(depth + 1)
  const lines = Object.entries(schema.properties).map(([name, each]) => {
    const optional = schema.required?.includes(name) ? '' : '?'
    const about = each.description === undefined ? '' : `  // ${said(each.description)}`
    return `${indent}${name}${optional}: ${typeOf(each, depth + 1)}${about}`
  })
  return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`
}

function parametersOf(parameters) {
  const table = element('table')
  const head = element('tr')
  for (const title of [words.parameter, words.in, words.type, words.meaning]) head.append(element('th', title))
  table.append(head)
  for (const parameter of parameters) {
    const row = element('tr')
    const name = element('td')
    name.append(element('code', parameter.required ? parameter.name : `${parameter.name}?`))
    row.append(name, element('td', parameter.in), element('td', typeOf(parameter.schema ?? {})), element('td', said(parameter.description ?? '')))
    table.append(row)
  }
  return table
}

function operationOf(path, method, operation) {
  const section = element('details')
  section.id = operation.operationId
  const summary = element('summary')
  summary.append(element('code', `${method.toUpperCase()} ${path}`, 'path'), element('span', said(operation.summary ?? ''), 'about'))
  section.append(summary)
  if (operation.description !== undefined) section.append(element('p', said(operation.description)))
  if (operation.parameters !== undefined) section.append(parametersOf(operation.parameters))
  if (!path.includes('{')) {
    const link = element('a', `${words.ask} ${path}`)
    link.href = path
    section.append(link)
  }
  for (const [status, answer] of Object.entries(operation.responses)) {
    for (const [mediaType, { schema }] of Object.entries(answer.content ?? {})) {
      section.append(element('p', `${status === 'default' ? words.otherwise : status}: ${mediaType}`), element('pre', typeOf(schema)))
    }
  }
  return section
}

function show(api) {
  document.getElementById('about').textContent = said(api.info.description)
  main.replaceChildren()
  const operations = Object.entries(api.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })))
  for (const tag of new Set(operations.map(({ operation }) => operation.tags?.[0] ?? 'other'))) {
    main.append(element('h2', words[tag] ?? tag))
    for (const each of operations) if ((each.operation.tags?.[0] ?? 'other') === tag) main.append(operationOf(each.path, each.method, each.operation))
  }
  main.append(element('h2', words.shapes))
  for (const [name, schema] of Object.entries(api.components.schemas)) {
    const section = element('details')
    section.append(element('summary', name), element('pre', typeOf(schema)))
    main.append(section)
  }
}

async function read(url) {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${words.answered} ${answer.status}`)
  return answer.json()
}

document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
document.getElementById('document').textContent = words.document
const otherWay = document.getElementById('language')
otherWay.textContent = language === 'zh' ? 'English' : '中文'
otherWay.lang = language === 'zh' ? 'en' : 'zh-CN'
otherWay.href = `?lang=${language === 'zh' ? 'en' : 'zh'}`
main.textContent = words.reading
try {
  const [api, translated] = await Promise.all([read('/api/openapi.json'), language === 'zh' ? read('/api/docs/zh.json') : {}])
  sentences = translated
  show(api)
} catch (error) {
  main.textContent = `${words.unreadable} ${error.message}`
}

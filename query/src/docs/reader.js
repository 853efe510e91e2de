const main = document.getElementById('paths')

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
    const about = each.description === undefined ? '' : `  // ${each.description}`
    return `${indent}${name}${optional}: ${typeOf(each, depth + 1)}${about}`
  })
  return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`
}

function parametersOf(parameters) {
  const table = element('table')
  const head = element('tr')
  for (const title of ['Parameter', 'In', 'Type', 'Meaning']) head.append(element('th', title))
  table.append(head)
  for (const parameter of parameters) {
    const row = element('tr')
    const name = element('td')
    name.append(element('code', parameter.required ? parameter.name : `${parameter.name}?`))
    row.append(name, element('td', parameter.in), element('td', typeOf(parameter.schema ?? {})), element('td', parameter.description ?? ''))
    table.append(row)
  }
  return table
}

function operationOf(path, method, operation) {
  const section = element('details')
  section.id = operation.operationId
  const summary = element('summary')
  summary.append(element('code', `${method.toUpperCase()} ${path}`, 'path'), element('span', operation.summary ?? '', 'about'))
  section.append(summary)
  if (operation.description !== undefined) section.append(element('p', operation.description))
  if (operation.parameters !== undefined) section.append(parametersOf(operation.parameters))
  if (!path.includes('{')) {
    const link = element('a', `Ask ${path}`)
    link.href = path
    section.append(link)
  }
  for (const [status, answer] of Object.entries(operation.responses)) {
    for (const [mediaType, { schema }] of Object.entries(answer.content ?? {})) {
      section.append(element('p', `${status === 'default' ? 'otherwise' : status}: ${mediaType}`), element('pre', typeOf(schema)))
    }
  }
  return section
}

function show(api) {
  document.getElementById('about').textContent = api.info.description
  main.replaceChildren()
  const operations = Object.entries(api.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })))
  for (const tag of new Set(operations.map(({ operation }) => operation.tags?.[0] ?? 'other'))) {
    main.append(element('h2', tag))
    for (const each of operations) if ((each.operation.tags?.[0] ?? 'other') === tag) main.append(operationOf(each.path, each.method, each.operation))
  }
  main.append(element('h2', 'Shapes'))
  for (const [name, schema] of Object.entries(api.components.schemas)) {
    const section = element('details')
    section.append(element('summary', name), element('pre', typeOf(schema)))
    main.append(section)
  }
}

try {
  const answer = await fetch('/api/openapi.json')
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`)
  show(await answer.json())
} catch (error) {
  main.textContent = `The OpenAPI document cannot be read: ${error.message}`
}

/** The pages for people: a landing page with links, and the API's reference from its OpenAPI document. No scripts, nothing foreign. */
import type { OpenApiDocument } from './openapi.ts'

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
code, pre { font: 14px/1.45 ui-monospace, monospace }
pre { overflow: auto; padding: .75rem; border: 1px solid #8886; border-radius: .4rem }
summary { cursor: pointer; padding: .35rem 0 }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700 }
section { border-top: 1px solid #8886; margin-top: 1.5rem }`

/** Text that means nothing to HTML. */
function escapeHtml(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replace(/[&<>"']/g, (character) => names[character] ?? character)
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body>${body}</body></html>
`
}

/** `GET /`: what this is, and where to go. */
export function renderLandingPage(network: string): string {
  const links = [
    ['/v1/status', 'where this node stands'],
    ['/v1/peers', 'the connected peers'],
    ['/v1/blocks', 'the last final blocks'],
    ['/readyz?verbose', 'whether it is ready, check by check'],
    ['/metrics', 'Prometheus metrics'],
    ['/docs', 'the API, for people'],
    ['/openapi.json', 'the API, for programs'],
  ]
  const items = links.map(([path, text]) => `<li><a href="${path}"><code>${path}</code></a> ${text}</li>`)
  return page(
    'Palaver node',
    `<h1>Palaver node</h1><p>Network <code>${escapeHtml(network)}</code></p><ul>${items.join('')}</ul>`,
  )
}

/** `GET /docs`: every call with its parameters and shapes. */
export function renderDocsPage(document: OpenApiDocument): string {
  const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => renderCall(method, path, operation)),
  )
  const { schemas } = document.components as { schemas: Readonly<Record<string, unknown>> }
  const shapes = Object.entries(schemas).map(([name, schema]) => renderShape(name, schema))
  return page(
    'Palaver API',
    `<h1>Palaver API</h1><p>${escapeHtml(document.info.description)}</p>
<p>The same for programs: <a href="/openapi.json"><code>/openapi.json</code></a></p>
<section><h2>Calls</h2>${calls.join('\n')}</section>
<section><h2>Shapes</h2>${shapes.join('\n')}</section>`,
  )
}

function renderCall(method: string, path: string, operation: Readonly<Record<string, unknown>>): string {
  const { summary, description, security, tags: _, ...rest } = operation
  const needsToken = Array.isArray(security) && security.length > 0
  const note = `${description === undefined ? '' : `${String(description)} `}${needsToken ? 'Needs the token.' : ''}`
  return `<details><summary><span class="method">${method.toUpperCase()}</span> <code>${escapeHtml(path)}</code>
${escapeHtml(String(summary))}</summary><p>${escapeHtml(note)}</p><pre>${escapeHtml(JSON.stringify(rest, null, 2))}</pre></details>`
}

function renderShape(name: string, schema: unknown): string {
  const text = escapeHtml(JSON.stringify(schema, null, 2))
  return `<details id="${escapeHtml(name)}"><summary><code>${escapeHtml(name)}</code></summary><pre>${text}</pre></details>`
}

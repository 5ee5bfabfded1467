/**
 * Reads a server-sent event stream: yields the `data` of each event and passes over comments (heartbeats).
 * @see HTML Living Standard, section 9.2.6 "Interpreting an event stream"
 */
export async function* readEventStream(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  let data: string[] = []
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    // a carriage return at the end may be the first half of a line break
    const lines = (rest + decoder.decode(chunk.value, { stream: true })).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop()!
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield data.join('\n')
        data = []
      } else if (line.startsWith('data:')) {
        data.push(line.slice(line[5] === ' ' ? 6 : 5))
      }
    }
  }
}

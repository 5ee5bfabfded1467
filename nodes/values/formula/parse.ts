import { isForbiddenKey } from '../../json.ts'
import { formulaError } from './formula-error.ts'
import type { Place } from './formula-error.ts'
import { formulaLimits } from './limits.ts'
import type { BinaryOperator, Expression } from './syntax.ts'
import { tokenize } from './tokens.ts'
import type { Token } from './tokens.ts'

/** How tightly each operator binds; a Pratt parser needs nothing else. Left-associative throughout. */
const binary: Readonly<Record<string, { operator: BinaryOperator; power: number }>> = {
  or: { operator: 'or', power: 1 },
  '||': { operator: 'or', power: 1 },
  and: { operator: 'and', power: 2 },
  '&&': { operator: 'and', power: 2 },
  '=': { operator: '=', power: 4 },
  '==': { operator: '=', power: 4 },
  '!=': { operator: '!=', power: 4 },
  '<>': { operator: '!=', power: 4 },
  '<': { operator: '<', power: 4 },
  '<=': { operator: '<=', power: 4 },
  '>': { operator: '>', power: 4 },
  '>=': { operator: '>=', power: 4 },
  '&': { operator: '&', power: 5 },
  '+': { operator: '+', power: 6 },
  '-': { operator: '-', power: 6 },
  '*': { operator: '*', power: 7 },
  '/': { operator: '/', power: 7 },
  '%': { operator: '%', power: 7 },
}
/** The word `not` takes a whole comparison, the signs `!` and `-` only the next value. */
const NOT_POWER = 3
const SIGN_POWER = 8

/**
 * Reads a formula. A leading `=`, as spreadsheet users write it, is passed over.
 * @throws FormulaError `FORMULA_SYNTAX`, `FORMULA_BUDGET`; nothing else
 */
export function parseFormula(source: string): Expression {
  if (source.length > formulaLimits.source) {
    const place = { position: formulaLimits.source, length: source.length - formulaLimits.source }
    throw formulaError('sourceTooLong', place, { limit: formulaLimits.source })
  }
  return new Parser(tokenize(source)).formula()
}

class Parser {
  readonly #tokens: readonly Token[]
  #next = 0
  #parts = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  formula(): Expression {
    if (this.#isSymbol('=')) this.#next++
    if (this.#peek().kind === 'end') throw formulaError('empty', this.#peek())
    const whole = this.#expression(0)
    const rest = this.#peek()
    if (rest.kind !== 'end') throw formulaError('unexpected', rest, { found: shown(rest) })
    return whole
  }

  #expression(power: number): Expression {
    if (++this.#depth > formulaLimits.depth) {
      throw formulaError('tooDeep', this.#peek(), { limit: formulaLimits.depth })
    }
    let left = this.#postfix(this.#value())
    for (let found = this.#operator(); found && found.power > power; found = this.#operator()) {
      this.#next++
      const right = this.#expression(found.power)
      left = this.#part({ kind: 'binary', operator: found.operator, left, right, place: span(left, right) })
    }
    this.#depth--
    return left
  }

  #operator() {
    const token = this.#peek()
    if (token.kind !== 'symbol' && token.kind !== 'name') return undefined
    const word = token.kind === 'name' ? token.value.toLowerCase() : token.value
    return Object.hasOwn(binary, word) ? binary[word] : undefined
  }

  /** What can start an expression. */
  #value(): Expression {
    const token = this.#take()
    switch (token.kind) {
      case 'number':
      case 'text':
        return this.#part({ kind: 'literal', value: token.value, place: token })
      case 'name':
        return this.#name(token, token.value)
      case 'end':
        throw formulaError('unexpectedEnd', token)
      case 'symbol':
        return this.#sign(token)
    }
  }

  #sign(token: Token): Expression {
    switch (token.value) {
      case '(': {
        const inner = this.#expression(0)
        const end = this.#expect(')')
        return { ...inner, place: between(token, end) }
      }
      case '-':
      case '+': {
        const of = this.#expression(SIGN_POWER)
        const place = between(token, of.place)
        // `+a` is `0 + a`: the same value, and still only for numbers
        const zero: Expression = { kind: 'literal', value: 0, place }
        if (token.value === '+')
          return this.#part({ kind: 'binary', operator: '+', left: zero, right: of, place })
        return this.#part({ kind: 'negate', of, place })
      }
      case '!': {
        const of = this.#expression(SIGN_POWER)
        return this.#part({ kind: 'not', of, place: between(token, of.place) })
      }
      default:
        throw formulaError('valueMissing', token, { found: token.value })
    }
  }

  #name(token: Token, name: string): Expression {
    if (this.#isSymbol('(') && name.toLowerCase() !== 'not') return this.#call(token, name)
    if (isForbiddenKey(name)) throw formulaError('forbiddenName', token, { found: name })
    switch (name.toLowerCase()) {
      case 'true':
        return this.#part({ kind: 'literal', value: true, place: token })
      case 'false':
        return this.#part({ kind: 'literal', value: false, place: token })
      case 'null':
        return this.#part({ kind: 'literal', value: null, place: token })
      case 'not': {
        const of = this.#expression(NOT_POWER)
        return this.#part({ kind: 'not', of, place: between(token, of.place) })
      }
      case 'and':
      case 'or':
        throw formulaError('valueMissing', token, { found: name })
    }
    if (name === 'nodes') return this.#step(token)
    return this.#part({ kind: 'name', name, place: token })
  }

  /** `nodes.sms1` or `nodes["sms-1"]`: written out, so that a check knows which step is meant. */
  #step(token: Token): Expression {
    const sign = this.#take()
    const id = this.#take()
    const isDotted = sign.value === '.' && sign.kind === 'symbol' && id.kind === 'name'
    const isQuoted = sign.value === '[' && sign.kind === 'symbol' && id.kind === 'text'
    if (!isDotted && !isQuoted) throw formulaError('stepMissing', token)
    if (isForbiddenKey(id.value)) throw formulaError('forbiddenName', id, { found: id.value })
    const end = isQuoted ? this.#expect(']') : id
    return this.#part({ kind: 'step', id: id.value, place: between(token, end) })
  }

  #call(token: Token, name: string): Expression {
    this.#next++
    const values: Expression[] = []
    if (!this.#isSymbol(')')) {
      values.push(this.#expression(0))
      while (this.#isSymbol(',')) {
        this.#next++
        values.push(this.#expression(0))
      }
    }
    const end = this.#expect(')')
    return this.#part({ kind: 'call', name, values, place: between(token, end) })
  }

  /** `.field` and `[place]` behind a value. */
  #postfix(value: Expression): Expression {
    let left = value
    for (;;) {
      if (this.#isSymbol('.')) {
        this.#next++
        const key = this.#take()
        if (key.kind !== 'name') throw formulaError('nameMissing', key)
        if (isForbiddenKey(key.value)) throw formulaError('forbiddenName', key, { found: key.value })
        left = this.#part({ kind: 'member', of: left, key: key.value, place: between(left.place, key) })
      } else if (this.#isSymbol('[')) {
        this.#next++
        const index = this.#expression(0)
        const end = this.#expect(']')
        left = this.#part({ kind: 'index', of: left, index, place: between(left.place, end) })
      } else return left
    }
  }

  #part(part: Expression): Expression {
    if (++this.#parts > formulaLimits.parts) {
      throw formulaError('tooManyParts', part.place, { limit: formulaLimits.parts })
    }
    return part
  }

  #peek(): Token {
    return this.#tokens[this.#next]!
  }

  /** The end is never passed. */
  #take(): Token {
    const token = this.#peek()
    if (token.kind !== 'end') this.#next++
    return token
  }

  #isSymbol(symbol: string): boolean {
    const token = this.#peek()
    return token.kind === 'symbol' && token.value === symbol
  }

  #expect(symbol: string): Token {
    const token = this.#peek()
    if (!this.#isSymbol(symbol)) throw formulaError('notClosed', token, { expected: symbol })
    return this.#take()
  }
}

function between(start: Place, end: Place): Place {
  return { position: start.position, length: end.position + end.length - start.position }
}

function span(left: Expression, right: Expression): Place {
  return between(left.place, right.place)
}

function shown(token: Token): string {
  return token.kind === 'text' ? `"${token.value.slice(0, 20)}"` : String(token.value)
}

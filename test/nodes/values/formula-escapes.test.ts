import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FormulaError } from '../../../nodes/errors.ts'
import type { Json } from '../../../nodes/json.ts'
import { compileFormula } from '../../../nodes/values/formula/formula.ts'

/**
 * Ways out of the expression languages of other products, as advisories and papers of the last fifteen years describe
 * them, each with the technique that it stands for. `canary` takes the place of whatever they meant to call.
 */
const escapes: Record<string, readonly string[]> = {
  'the function constructor, from any value': [
    'constructor.constructor("canary()")()',
    'a.constructor.constructor("canary()")()',
    '"".constructor.constructor("return canary()")()',
    '(1).constructor.constructor("canary()")()',
    '[].constructor.constructor("canary()")()',
    '{}.constructor.constructor("canary()")()',
    'toString.constructor("canary()")()',
    'UPPER.constructor("canary()")()',
    'MAP.constructor("canary()")()',
    'a["constructor"]["constructor"]("canary()")()',
    'a["con" & "structor"]["con" & "structor"]',
    'a[CONCAT("cons", "tructor")][CONCAT("cons", "tructor")]',
    'a[JOIN(LIST("constructor"), "")]',
    'a["\\u0063onstructor"]',
    'a[LOWER("CONSTRUCTOR")]',
    'MAP(LIST("constructor"), list[item])',
    'MAP(LIST("constructor", "__proto__"), o[item])',
  ],
  'prototypes, read or written': [
    '__proto__',
    'a.__proto__',
    'o.__proto__.polluted',
    'o["__proto__"]["polluted"]',
    'o["__pro" & "to__"]',
    '__proto__.polluted = true',
    'o.__proto__.polluted = 1',
    'o.constructor.prototype.polluted = 1',
    'nodes.__proto__.polluted',
    'nodes["__proto__"]',
    '__defineGetter__("a", canary)',
    'o.__defineGetter__("x", canary)',
    'o.__lookupGetter__("__proto__")',
    'o.hasOwnProperty("x")',
    'o.valueOf()',
    'o.isPrototypeOf(o)',
    'ISEMPTY(o.__proto__) & o.polluted',
  ],
  'call, apply and bind of what every function has': [
    'toString.call(canary)',
    'toString.call.call(canary)',
    '"a".sub.call.call(canary)',
    '"".sub.apply("", list)',
    'list.map(canary)',
    'list.sort(canary)',
    'list.reduce(canary)',
    'list.constructor.from(list, canary)',
    '"a".replace("a", canary)',
    'canary.bind(null)()',
    'list["map"]',
    'list["__proto__"]',
  ],
  'overwriting a method that the interpreter itself calls': [
    'a = "".charAt.constructor.prototype.charAt',
    '"a".constructor.prototype.charAt = [].join',
    'list.toString = list.join',
    'toString = canary',
    '(toString = constructor.prototype).x',
  ],
  'names of the host': [
    'globalThis',
    'window',
    'self.canary()',
    'process.env',
    'process.mainModule.require("child_process")',
    'require("fs")',
    'import("fs")',
    'module.exports',
    'this',
    'this.constructor.constructor("canary()")()',
    'arguments.callee.caller',
    'document.cookie',
    'Function("canary()")()',
    'eval("canary()")',
    'setTimeout("canary()", 0)',
    'Reflect.construct(Function, list)',
    'Proxy',
    'Symbol.iterator',
    'canary()',
    'canary',
    'JSON.parse("{}")',
    'Math.constructor',
    'undefined.x',
    'scope',
    'evaluation',
    'names',
  ],
  'functions smuggled in as syntax': [
    '(() => canary())()',
    'function(){ canary() }()',
    '(function(x){ return x.constructor("canary()") })(a)()',
    'async () => canary()',
    'new Function("canary()")()',
    'x => canary()',
    'a ? canary() : 0',
    'a, canary()',
    'a; canary()',
    'a ?? canary()',
    'a?.constructor',
    '`${canary()}`',
    'String.raw`${canary()}`',
    '/a/.constructor("canary()")()',
    '...a',
    'delete a.b',
    'a++',
    'void canary()',
    'typeof canary',
    'a in o',
    'a instanceof o',
    'throw a',
    'with (a) canary()',
    'if (true) { canary() }',
    'while (true) {}',
    'a |> canary',
    '1 // canary()',
    '/* */ canary()',
    '<!-- canary()',
    '#{canary()}',
    '@canary',
    '\\u0063anary()',
  ],
  'templates of other languages, nested in a text or bare': [
    '{{constructor.constructor("canary()")()}}',
    '{{ self.__init__.__globals__.__builtins__ }}',
    '{{ "".__class__.__mro__[1].__subclasses__() }}',
    '${T(java.lang.Runtime).getRuntime().exec("id")}',
    '#{T(java.lang.Runtime).getRuntime()}',
    '%{(#_memberAccess["allowStaticMethodAccess"]=true)}',
    '#set($x = $class.inspect("java.lang.Runtime"))',
    '<%= canary() %>',
    '<#assign ex="freemarker.template.utility.Execute"?new()>',
    '{% for x in ().__class__.__base__.__subclasses__() %}{% endfor %}',
    '{{#with "s" as |string|}}{{/with}}',
    '$eval("canary()")',
    '$where: canary()',
    '$toString := canary',
    '$[constructor]',
    '=cmd|"/c calc"!A1',
    '@SUM(1+1)*cmd|"/c calc"!A0',
    '=HYPERLINK("http://example.test", "x")',
    '=WEBSERVICE("http://example.test")',
    '=IMPORTXML("http://example.test", "//a")',
    '=INDIRECT("a")',
  ],
  'names that only look like others': [
    'cοnstructor.constructor("canary()")()',
    'ｃonstructor',
    'a.ｃonstructor',
    'a.\u200Bconstructor',
    'a.constructor\u0000',
    'CONSTRUCTOR("canary()")',
    'Constructor',
    'a.__PROTO__',
    'hasOwnProperty("a")',
    'toString()',
    'valueOf()',
    '__proto__()',
    'constructor()',
    '__DEFINEGETTER__("a", "b")',
  ],
}

const names = () =>
  JSON.parse(
    '{ "a": { "b": 1 }, "list": [1, 2], "o": { "__proto__": { "polluted": 1 }, "x": 1 }, "nodes": { "s": {} } }',
  ) as Record<string, Json>
const evaluate = (source: string, own = names()) =>
  compileFormula(source).evaluate({ names: own, now: () => new Date(0) })

let calls = 0
const prototypes = [Object, Function, Array, String, Number].map(({ prototype }) => prototype as object)
const keysBefore = prototypes.map((prototype) => Reflect.ownKeys(prototype).length)

beforeEach(() => {
  calls = 0
  Object.assign(globalThis, { canary: () => (calls++, 'out') })
})
afterEach(() => {
  Reflect.deleteProperty(globalThis, 'canary')
})

describe.each(Object.entries(escapes))('%s', (_, sources) => {
  test.each(sources)('%s gives nothing that was not given', (source) => {
    let outcome: unknown
    try {
      outcome = evaluate(source)
    } catch (error) {
      outcome = error
    }
    expect(outcome instanceof FormulaError || isNothing(outcome), String(outcome)).toBe(true)
    expect(calls).toBe(0)
    expect(prototypes.map((prototype) => Reflect.ownKeys(prototype).length)).toEqual(keysBefore)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

/** Nothing, or a list of it. */
function isNothing(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.every(isNothing))
}

describe("a value's own fields are read, whatever they are called", () => {
  const hostile = JSON.parse(
    '{ "o": { "toString": "t", "valueOf": 1, "length": 5, "then": "x", "hasOwnProperty": 1 } }',
  ) as Record<string, Json>

  test.each<[source: string, result: Json]>([
    ['o.toString & o.valueOf & o.length & o.then & o.hasOwnProperty', 't15x1'],
    ['o = o', true],
    ['ISEMPTY(o)', false],
    ['UNIQUE(LIST(o, o))[1].then', 'x'],
    ['COUNT(FILTER(LIST(o), item.valueOf = 1))', 1],
  ])('%s → %j', (source, result) => {
    expect(evaluate(source, hostile)).toEqual(result)
  })

  test.each([
    '"a" & o',
    'UPPER(o)',
    'o + 1',
    'o < o',
    'JOIN(LIST(o))',
    'SUM(LIST(o))',
    'o[1]',
    'FORMAT(o, "0")',
  ])('%s does not call them', (source) => {
    expect(() => evaluate(source, hostile)).toThrow(FormulaError)
  })
})

/** A set of numbers below a limit, one bit each: hundreds of them over one graph cost little. */
export class Bits {
  readonly #words: Uint32Array

  constructor(limit: number) {
    this.#words = new Uint32Array((limit + 31) >>> 5)
  }

  add(number: number): void {
    this.#words[number >>> 5]! |= 1 << (number & 31)
  }

  addAll(other: Bits): void {
    const words = other.#words
    for (let at = 0; at < words.length; at++) this.#words[at]! |= words[at]!
  }

  has(number: number): boolean {
    return (this.#words[number >>> 5]! & (1 << (number & 31))) !== 0
  }
}

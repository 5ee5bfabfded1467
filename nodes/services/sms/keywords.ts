/** Answers by which a person wants no more texts. @see Twilio "Opt-out keywords"; in China 退订 and its short forms */
const stopWords: ReadonlySet<string> = new Set([
  ...['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'],
  ...['退订', '取消订阅', '拒收', 'TD', 'T', 'N', 'R', 'QX'],
])
/** Answers by which a person wants texts again. */
const startWords: ReadonlySet<string> = new Set(['START', 'YES', 'UNSTOP', '恢复订阅', '重新订阅'])

/** What an answer means: the whole text must be the word, whatever its case and the signs around it. */
export function readAnswer(text: string): { meaning: 'stop' | 'start' | 'other'; word: string } {
  const word = text
    .normalize('NFKC')
    .replace(/^[\s\p{P}]+|[\s\p{P}]+$/gu, '')
    .toUpperCase()
  if (stopWords.has(word)) return { meaning: 'stop', word }
  if (startWords.has(word)) return { meaning: 'start', word }
  return { meaning: 'other', word: '' }
}

import type { Locator, Page } from '@playwright/test'
import type { Texts } from '../e2e/fixtures.ts'

/** Boxes that text is typed into; a text with values in it has an editor, which is loaded when it is first needed. */
const textBoxes = 'input:not([type=radio]):not([type=checkbox]), textarea:not([readonly]), .cm-content'

/** The open Set Parameters dialog, as a person fills it in. */
export class ParamsForm {
  readonly dialog: Locator
  readonly #app: Page
  readonly #t: Texts

  constructor(app: Page, t: Texts) {
    this.#app = app
    this.#t = t
    this.dialog = app.getByRole('dialog').filter({ has: app.getByTestId('params-dialog') })
  }

  field(name: string): Locator {
    return this.dialog.locator(`[data-field="${name}"]`)
  }

  /** Types into the text and number boxes of a field, one text each. */
  async write(name: string, ...texts: string[]): Promise<void> {
    const boxes = this.field(name).locator(textBoxes)
    for (const [place, text] of texts.entries()) await boxes.nth(place).fill(text)
  }

  /** Types the same into every box of a field. */
  async writeAll(name: string, text: string): Promise<void> {
    const boxes = this.field(name).locator(textBoxes)
    await boxes.first().waitFor()
    await this.write(name, ...Array.from({ length: await boxes.count() }, () => text))
  }

  /** Chooses the last of the choices, or the one whose words begin like this. */
  async choose(name: string, option?: string): Promise<void> {
    await this.field(name).getByRole('combobox').first().click()
    if (option === undefined) await this.#app.getByRole('option').last().click()
    else await this.#app.getByRole('option', { name: new RegExp(`^${option}\\b`) }).click()
  }

  /** Gives a formula as the value of a field. */
  async formula(name: string, source: string): Promise<void> {
    await this.set(name)
    await this.field(name)
      .getByRole('radio', { name: this.#t('function.value.formula') })
      .check({ force: true })
    await this.writeFormula(name, source)
  }

  /** Types into the formula editor of a field in place of what stands there. */
  async writeFormula(name: string, source: string): Promise<void> {
    const editor = this.field(name).locator('.cm-content')
    await editor.press('Control+a')
    await editor.press('Delete')
    await editor.fill(source)
  }

  /** Gives a value to a field that may have none. */
  async set(name: string): Promise<void> {
    const button = this.field(name).getByRole('button', { name: this.#t('function.value.set') })
    if (await button.isVisible()) await button.click()
  }

  async toggle(name: string): Promise<void> {
    await this.field(name).getByRole('switch').click()
  }

  async chooseRecipient(name: string): Promise<void> {
    await this.field(name).getByRole('checkbox').first().check()
  }

  /** The choice of what follows where the step fails; some nodes have none. */
  get onError(): Locator {
    return this.dialog.getByRole('combobox', { name: this.#t('function.params.onError.label') })
  }

  async chooseOnError(choice: 'stop' | 'branch'): Promise<void> {
    await this.onError.click()
    await this.#app.getByRole('option', { name: this.#t(`function.params.onError.${choice}`) }).click()
  }

  /** What each field shows. Of recipients those that are chosen, without the picker. */
  shown(): Promise<Record<string, string>> {
    return this.dialog.locator('[data-field]').evaluateAll((fields) =>
      Object.fromEntries(
        fields.map((field) => {
          const name = field.getAttribute('data-field') ?? ''
          if (name === 'recipients') {
            const chips = [...field.querySelectorAll('li')].filter(
              (item) => !item.closest('[role=tabpanel]') && !item.querySelector('[aria-expanded]'),
            )
            return [name, chips.map((chip) => chip.innerText).join('|')]
          }
          const boxes = [...field.querySelectorAll<HTMLInputElement>('input, textarea')].map((box) =>
            box.type === 'radio' || box.type === 'checkbox' ? String(box.checked) : box.value,
          )
          const switches = [...field.querySelectorAll('[role=switch]')].map((each) =>
            each.getAttribute('aria-checked'),
          )
          const editors = [...field.querySelectorAll('[data-testid=chip-editor]')].map(
            (each) => each.shadowRoot?.querySelector<HTMLElement>('.cm-content')?.innerText ?? '',
          )
          return [name, [(field as HTMLElement).innerText, ...boxes, ...editors, ...switches].join('|')]
        }),
      ),
    )
  }

  async ok(): Promise<void> {
    await this.dialog.getByRole('button', { name: this.#t('ui.ok'), exact: true }).click()
    await this.dialog.waitFor({ state: 'hidden' })
  }

  /** Closes the dialog and throws away what was changed. */
  async discard(): Promise<void> {
    await this.dialog.getByRole('button', { name: this.#t('ui.cancel'), exact: true }).click()
    const discard = this.#app.getByRole('button', { name: this.#t('function.params.discard'), exact: true })
    await discard.or(this.#app.getByTestId('function-page')).first().waitFor()
    if (await discard.isVisible()) await discard.click()
    await this.dialog.waitFor({ state: 'hidden' })
  }
}

import { expect, expectAccessible, languages, test } from './fixtures.ts'

for (const language of languages) {
  test.describe(language, () => {
    test.use({ language })

    test('people are imported after a look, led, gathered in roles, and kept by an identity provider', async ({
      app,
      t,
    }) => {
      await app.getByRole('treeitem', { name: t('directory.members.title'), exact: true }).click()
      await app.getByRole('button', { name: t('directory.import.title') }).click()
      const csv = [
        'name,phone,status,leads,organisation roles',
        'Nadia Rahman,+12025550114,,Night shift,Porter',
        'Lena Fischer,,resigned,,',
        'Otto,12,,,',
      ].join('\n')
      const dialog = app.getByRole('dialog')
      await dialog.getByRole('textbox', { name: t('directory.import.csv') }).fill(csv)
      await dialog.getByRole('button', { name: t('directory.import.preview') }).click()
      const changes = dialog.getByRole('table', { name: t('directory.import.changes') })
      await expect(changes.getByRole('row', { name: 'Nadia Rahman' })).toContainText(
        t('directory.import.isNew'),
      )
      await expect(changes.getByRole('row', { name: 'Lena Fischer' })).toContainText(
        t('directory.fields.status'),
      )
      await expect(dialog.getByText(t('skipped.phone-too-short'))).toBeVisible()
      for (const [made, names] of [
        ['newDepartments', 'Night shift'],
        ['newOrganisationRoles', 'Porter'],
      ] as const) {
        await expect(dialog.getByText(t(`directory.import.${made}`, { names }))).toBeVisible()
      }
      await expectAccessible(app)
      await dialog.getByRole('button', { name: t('directory.import.apply'), exact: true }).click()
      await expect(app.getByRole('row', { name: 'Nadia Rahman' })).toBeVisible()

      const downloading = app.waitForEvent('download')
      await app.getByRole('button', { name: t('directory.members.export') }).click()
      expect((await downloading).suggestedFilename()).toBe('members.csv')

      await app.getByRole('tab', { name: t('directory.organisation-roles.title') }).click()
      await app.getByRole('button', { name: t('directory.organisation-roles.add') }).click()
      const name = dialog.getByRole('textbox', { name: t('directory.organisation-roles.name') })
      await name.fill('Fire warden')
      const members = dialog.getByRole('combobox', { name: t('directory.organisation-roles.members') })
      await members.fill('nadia')
      await app.getByRole('option', { name: 'Nadia Rahman' }).click()
      // the list stays open for further members until the focus goes elsewhere
      await name.click()
      await dialog.getByRole('button', { name: t('ui.save') }).click()
      await expect(app.getByRole('row', { name: 'Fire warden' })).toContainText('1')
      await expectAccessible(app)

      await app.getByRole('button', { name: t('app.settings') }).click()
      await app
        .getByRole('region', { name: t('settings.scim.title') })
        .getByRole('button', { name: t('settings.scim.make') })
        .click()
      await dialog.getByRole('textbox').fill('Entra ID')
      await dialog.getByRole('button', { name: t('settings.scim.make') }).click()
      const token = await dialog.getByRole('textbox', { name: t('settings.scim.token') }).inputValue()
      expect(token).toMatch(/^scim_[\w-]{43}$/)
      await dialog
        .getByRole('button', { name: t('ui.close') })
        .last()
        .click()
      await expect(app.getByRole('row', { name: 'Entra ID' })).toContainText(t('settings.scim.never'))
      await expectAccessible(app)
      const answer = await fetch(`${new URL(app.url()).origin}/scim/v2/Groups?excludedAttributes=members`, {
        headers: { authorization: `Bearer ${token}` },
      })
      expect(await answer.json()).toMatchObject({ totalResults: 3 })
    })
  })
}

/** Null: a real run. Otherwise what the dry run assumes of every SMS step. */
export const dryRunColumn = 'ALTER TABLE run ADD COLUMN dry_run TEXT'

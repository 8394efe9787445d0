-- The configuration that vim.lsp.enable('defog') finds. Lay your own over it with
-- vim.lsp.config('defog', { … }) or require('defog').setup({ … }).

local defog = require('defog')
local dialogue = require('defog.dialogue')

---@type vim.lsp.Config
return {
  cmd = { 'defog-lsp', 'serve' },
  -- From toml on, only defog.toml and what is below one, which may name it.
  filetypes = {
    'sql', 'mysql', 'plsql', 'toml', 'json', 'jsonc', 'yaml', 'csv', 'markdown', 'text',
  },
  root_markers = { 'defog.toml', '.git' },
  root_dir = defog.root_dir,
  reuse_client = defog.reuse_client,
  on_init = { defog.add_waiting_folders },
  on_exit = { defog.forget },
  capabilities = dialogue.capabilities,
  handlers = vim.tbl_extend('error', { ['defog/status'] = defog.on_status }, dialogue.handlers),
  settings = { defog = vim.empty_dict() },
}

--- `:checkhealth defog`

local M = {}

local health = vim.health

---@param command string[]|fun(...): any
local function check_command(command)
  if type(command) == 'function' then
    return health.info('the server is started by a function of your own')
  end
  local program = command[1]
  if vim.fn.executable(program) == 0 then
    return health.error(('"%s" is not on your PATH'):format(program), {
      'Install it: pip install defog-lsp',
      "or say where it is: require('defog').setup({ cmd = { '/path/to/defog-lsp', 'serve' } })",
    })
  end
  local done = vim.system({ program, '--version' }, { text = true }):wait(10000)
  if done.code == 0 then
    health.ok(('%s (%s)'):format(vim.trim(done.stdout), vim.fn.exepath(program)))
  else
    health.error(('"%s --version" failed with code %d'):format(program, done.code), {
      vim.trim(done.stderr or ''),
    })
  end
end

---@param client vim.lsp.Client
local function check_client(client)
  health.ok(('server %d is running, positions in %s'):format(client.id, client.offset_encoding))
  for _, folder in ipairs(client.workspace_folders or {}) do
    local path = vim.uri_to_fname(folder.uri)
    local has_file = vim.fn.filereadable(vim.fs.joinpath(path, 'defog.toml')) == 1
    health.info(('folder %s %s defog.toml'):format(path, has_file and 'with a' or 'without a'))
  end
  for _, status in ipairs(require('defog').all_statuses(client)) do
    local report = status.state == 'error' and health.error or health.info
    report(vim.trim(require('defog').describe(status) .. '. ' .. status.message))
  end
end

--- Other servers for SQL say the same things twice, and rename and format against each other.
local OTHERS = { 'sqlls', 'sqls', 'postgres_lsp', 'postgres_language_server', 'sqruff' }

---@param client vim.lsp.Client
local function check_others(client)
  for buffer in pairs(client.attached_buffers) do
    for _, other in ipairs(vim.lsp.get_clients({ bufnr = buffer })) do
      if vim.list_contains(OTHERS, other.name) then
        local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ':.')
        health.warn(('"%s" serves %s as well'):format(other.name, name), {
          ("Turn one of them off: vim.lsp.enable('%s', false)"):format(other.name),
        })
      end
    end
  end
end

--- What the client can do, as it told the server.
---@param client vim.lsp.Client
local function check_capabilities(client)
  local told = client.capabilities
  local item = vim.tbl_get(told, 'textDocument', 'completion', 'completionItem') or {}
  health.info('completion ' .. (item.snippetSupport and 'with' or 'without') .. ' snippets')
  local ours = vim.tbl_get(told, 'experimental', 'defog')
  if not ours then
    return health.warn('the server is not told what this module can do', {
      'Lay capabilities over those of lsp/defog.lua; do not replace them.',
    })
  end
  local names = vim.tbl_keys(ours)
  table.sort(names)
  health.info('the server may use: ' .. table.concat(names, ', '))
end

function M.check()
  health.start('defog')
  if vim.fn.has('nvim-0.11') == 0 then
    return health.error('Neovim 0.11 or later is needed', { 'See docs/editors.md for other ways.' })
  end
  health.ok('Neovim ' .. tostring(vim.version()))
  if not vim.lsp.is_enabled('defog') then
    health.warn('the server is not enabled', { "Call require('defog').setup() in your init.lua." })
  end
  check_command(vim.lsp.config.defog.cmd)
  local clients = vim.lsp.get_clients({ name = 'defog' })
  if #clients == 0 then
    health.info('no server is running: open an SQL file')
  end
  for _, client in ipairs(clients) do
    check_client(client)
    check_capabilities(client)
    check_others(client)
  end
  health.info('log: ' .. require('defog.commands').log_path())
end

return M

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
  vim.iter(clients):each(check_client)
end

return M

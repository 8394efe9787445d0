--- A SQL language server that knows what your columns mean: the Neovim side.
---
--- Neovim's own client does the work; this module adds what LSP has no word for: one server
--- for all folders, the state of the metadata, and the commands of `:Defog`.

local M = {}

--- What the server says about the metadata of one folder's connection.
---@class defog.Status
---@field folder string                URI of the folder
---@field connection string|vim.NIL    its name in defog.toml
---@field state 'none'|'loading'|'ready'|'refreshing'|'stale'|'error'
---@field tables integer
---@field age_seconds number|vim.NIL
---@field message string

---@type table<integer, defog.Status[]> by client; one for each connection, in order of arrival
local statuses = {}

---@type table<integer, lsp.WorkspaceFolder[]> folders opened before their server had started
local waiting = {}

--- Configure and enable the server. *options* are those of |vim.lsp.Config|.
---@param options vim.lsp.Config?
function M.setup(options)
  if options then
    vim.lsp.config('defog', options)
  end
  vim.lsp.enable('defog')
end

local NAMED = { json = true, jsonc = true, yaml = true, csv = true, markdown = true, text = true }

--- The folder with the nearest defog.toml, else the repository, else the file's own folder.
--- Of TOML files only defog.toml is ours; of JSON, CSV, YAML and text files those below one, which
--- may name them as golden queries, glossary or metadata.
---@param bufnr integer
---@param on_dir fun(root: string?)
function M.root_dir(bufnr, on_dir)
  local name = vim.api.nvim_buf_get_name(bufnr)
  if vim.startswith(name, 'defog:') then
    return -- the server's own text
  end
  if vim.bo[bufnr].filetype == 'toml' and vim.fs.basename(name) ~= 'defog.toml' then
    return
  end
  if NAMED[vim.bo[bufnr].filetype] and not vim.fs.root(bufnr, 'defog.toml') then
    return
  end
  local markers = vim.lsp.config.defog.root_markers or {}
  for _, marker in ipairs(markers) do
    local root = vim.fs.root(bufnr, marker)
    if root then
      return on_dir(root)
    end
  end
  on_dir(name ~= '' and vim.fs.dirname(name) or nil)
end

--- One server for every folder: a folder it does not have yet is added to its workspace.
---@param client vim.lsp.Client
---@param config vim.lsp.ClientConfig
---@return boolean
function M.reuse_client(client, config)
  if client.name ~= config.name or client:is_stopped() then
    return false
  end
  if not config.root_dir then
    return true
  end
  local folder = { uri = vim.uri_from_fname(config.root_dir), name = config.root_dir }
  for _, known in ipairs(client.workspace_folders or {}) do
    if known.uri == folder.uri then
      return true
    end
  end
  client.workspace_folders = vim.list_extend(client.workspace_folders or {}, { folder })
  if client.initialized then
    M._add_folders(client, { folder })
  else
    waiting[client.id] = vim.list_extend(waiting[client.id] or {}, { folder })
  end
  return true
end

---@param client vim.lsp.Client
---@param folders lsp.WorkspaceFolder[]
function M._add_folders(client, folders)
  client:notify('workspace/didChangeWorkspaceFolders', {
    event = { added = folders, removed = {} },
  })
end

--- Tell a server that has just started about the folders opened meanwhile.
---@param client vim.lsp.Client
function M.add_waiting_folders(client)
  local folders = waiting[client.id]
  waiting[client.id] = nil
  if folders then
    M._add_folders(client, folders)
  end
end

--- The handler of the server's `defog/status`.
---@type lsp.Handler
function M.on_status(_, status, context)
  local known = statuses[context.client_id] or {}
  statuses[context.client_id] = known
  local index = #known + 1
  for i, other in ipairs(known) do
    if other.folder == status.folder and other.connection == status.connection then
      index = i
    end
  end
  known[index] = status
  vim.api.nvim_exec_autocmds('User', { pattern = 'DefogStatus', data = status, modeline = false })
  vim.cmd.redrawstatus({ bang = true })
end

--- Forget what a server said once it has gone.
---@param _code integer
---@param _signal integer
---@param client_id integer
function M.forget(_code, _signal, client_id)
  statuses[client_id] = nil
  waiting[client_id] = nil
end

---@param bufnr integer?
---@return vim.lsp.Client?
function M.client(bufnr)
  return vim.lsp.get_clients({ name = 'defog', bufnr = bufnr or 0 })[1]
end

--- What the server last said about the innermost folder that holds the buffer: one status for
--- each of the folder's connections.
---@param bufnr integer?
---@return defog.Status[]
function M.statuses(bufnr)
  local client = M.client(bufnr)
  local known = client and statuses[client.id] or {}
  local path = vim.api.nvim_buf_get_name(bufnr or 0)
  local innermost = ''
  for _, status in ipairs(known) do
    local inside = vim.fs.relpath(vim.uri_to_fname(status.folder), path) ~= nil
    if inside and #status.folder > #innermost then
      innermost = status.folder
    end
  end
  return vim.tbl_filter(function(status)
    return status.folder == innermost
  end, known)
end

---@param client vim.lsp.Client
---@return defog.Status[] of every folder
function M.all_statuses(client)
  return vim.deepcopy(statuses[client.id] or {})
end

local WORDS = {
  none = 'no database',
  loading = 'loading',
  refreshing = 'refreshing',
  stale = 'stale',
  error = 'error',
}

---@param status defog.Status
---@return string
function M.describe(status)
  local words = {}
  if status.tables > 0 then
    table.insert(words, ('%d %s'):format(status.tables, status.tables == 1 and 'table' or 'tables'))
  end
  table.insert(words, WORDS[status.state])
  local name = type(status.connection) == 'string' and status.connection or 'defog'
  return name .. ': ' .. table.concat(words, ', ')
end

--- A few words for the statusline: `shop: 12 tables`, `shop: refreshing`. Empty elsewhere.
---@param bufnr integer?
---@return string
function M.statusline(bufnr)
  return vim.iter(M.statuses(bufnr)):map(M.describe):join(' | ')
end

return M

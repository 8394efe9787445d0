--- Names of tables and columns for the command line, as far as the server has them at hand.

local defog = require('defog')

local M = {}

local SymbolKind = vim.lsp.protocol.SymbolKind
local NOTHING = '-' -- in an URI, in the place of a name

--- What the server answers; typing is not kept waiting for more than a moment.
---@param method string
---@param params table
---@return table[]
local function ask(method, params)
  local client = defog.client()
  local answer = client and client:request_sync(method, params, 500)
  return answer and answer.result or {}
end

--- A part of a name as metadata write it: in quotes where its own dots would divide it.
---@param name string
---@return string
local function part(name)
  if name:find('.', 1, true) or vim.startswith(name, '"') then
    return '"' .. name:gsub('"', '""') .. '"'
  end
  return name
end

--- The URIs of the connections of the buffer's folder.
---@return string[]
local function connections()
  return vim.tbl_map(function(status)
    local name = type(status.connection) == 'string' and status.connection or NOTHING
    return 'defog:/' .. vim.uri_encode(name)
  end, defog.statuses())
end

--- The tables, or columns, of the buffer's folder that *query* may mean.
---@param query string
---@param kind integer of |vim.lsp.protocol.SymbolKind|
---@return table[] of lsp.WorkspaceSymbol
local function symbols(query, kind)
  local ours = connections()
  return vim.tbl_filter(function(it)
    return it.kind == kind and vim.iter(ours):any(function(connection)
      return vim.startswith(it.location.uri, connection .. '/')
    end)
  end, ask('workspace/symbol', { query = query }))
end

--- What is in *schema*, or at the top: the tables, or with several schemas those.
---@param schema string?
---@return string[]
local function level(schema)
  local names = {}
  for _, uri in ipairs(connections()) do
    local within = schema and uri .. '/' .. vim.uri_encode(schema) or uri
    for _, node in ipairs(ask('defog/tree', { uri = within })) do
      if node.kind == 'schema' then
        table.insert(names, part(node.name) .. '.')
      elseif node.kind ~= 'more' then
        table.insert(names, part(node.name))
      end
    end
  end
  return names
end

--- *lead* at its last dot: what comes before it, if there is one, and after it.
---@param lead string
---@return string?, string
local function divided(lead)
  local before, after = lead:match('^(.*)%.(.*)$')
  return before, after or lead
end

---@param names string[]
---@param before string?
---@return string[] each once, after what they belong to
local function written(names, before)
  local found, seen = {}, {}
  for _, name in ipairs(names) do
    if not seen[name] then
      seen[name] = true
      table.insert(found, before and before .. '.' .. name or name)
    end
  end
  return found
end

--- The tables that *lead* may mean; after `schema.` those of the schema.
---@param lead string
---@return string[]
function M.tables(lead)
  local schema, name = divided(lead)
  if name == '' then
    return written(level(schema), schema)
  end
  local found, schemas = {}, {}
  for _, it in ipairs(symbols(name, SymbolKind.Class)) do
    if not schema or (it.containerName or ''):lower() == schema:lower() then
      table.insert(found, it)
      schemas[it.name] = (schemas[it.name] or 0) + 1
    end
  end
  local names = vim.tbl_map(function(it)
    local is_clear = schema or schemas[it.name] == 1 or not it.containerName
    return is_clear and part(it.name) or part(it.containerName) .. '.' .. part(it.name)
  end, found)
  return written(names, schema)
end

--- The columns that *lead* may mean, once it has said of which table.
---@param lead string
---@return string[]
function M.columns(lead)
  local owner, _ = divided(lead)
  if not owner then
    return {}
  end
  local _, table_name = divided(owner)
  local names = {}
  for _, it in ipairs(symbols(lead, SymbolKind.Field)) do
    if (it.containerName or ''):lower() == table_name:lower() then
      table.insert(names, part(it.name))
    end
  end
  return written(names, owner)
end

return M

--- Tables of databases as buffers, `defog:/CONNECTION/SCHEMA/TABLE.sql`, and a way to choose one.

local defog = require('defog')

local M = {}

--- A server of any buffer: these documents belong to no folder.
---@return vim.lsp.Client?
local function any_client()
  return vim.lsp.get_clients({ name = 'defog' })[1]
end

--- Fill *buffer* with the statement that creates the table, and its descriptions.
---@param buffer integer
---@param uri string
function M.read(buffer, uri)
  local client = any_client()
  local text = '-- No server is running; see :checkhealth defog'
  if client then
    local answer = client:request_sync('workspace/textDocumentContent', { uri = uri }, 5000, buffer)
    text = answer and answer.result and answer.result.text or '-- The server does not answer'
  end
  local lines = vim.split(text, '\n')
  if lines[#lines] == '' then
    table.remove(lines)
  end
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].modified = false
  vim.bo[buffer].readonly = true
  vim.bo[buffer].buftype = 'nofile'
  vim.bo[buffer].swapfile = false
  vim.bo[buffer].filetype = 'sql'
end

---@class defog.Node
---@field name string
---@field kind string
---@field uri string
---@field detail string
---@field description string
---@field hasChildren boolean

---@param node defog.Node
---@return string
local function line(node)
  if node.kind == 'more' then
    return '…'
  end
  local parts = vim.tbl_filter(function(part)
    return part ~= ''
  end, { node.name, node.detail, node.description })
  return table.concat(parts, '  ')
end

--- Choose connection, schema and table, and show the table. A level with one choice is passed.
---@param uri string?
function M.choose(uri)
  local client = defog.client() or any_client()
  if not client then
    return vim.notify('defog: no server is running', vim.log.levels.WARN)
  end
  client:request('defog/tree', { uri = uri }, function(err, nodes)
    if err or #nodes == 0 then
      return vim.notify('defog: ' .. (err and err.message or 'there are no tables'))
    end
    ---@param node defog.Node?
    local function chosen(node)
      if not node then
        return
      elseif vim.endswith(node.uri, '.sql') then
        vim.cmd.split(vim.fn.fnameescape(node.uri))
      else
        M.choose(node.uri)
      end
    end
    if #nodes == 1 and not vim.endswith(nodes[1].uri, '.sql') then
      return chosen(nodes[1])
    end
    vim.ui.select(nodes, { prompt = 'Table', kind = 'defog', format_item = line }, chosen)
  end)
end

--- Choose a golden question that has all of *words*, and show where it stands.
---@param words string
function M.choose_question(words)
  local client = defog.client() or any_client()
  if not client then
    return vim.notify('defog: no server is running', vim.log.levels.WARN)
  end
  local function ask(query)
    client:request('workspace/symbol', { query = query }, function(err, found)
      if err then
        return vim.notify('defog: ' .. err.message, vim.log.levels.ERROR)
      end
      local questions = vim.tbl_filter(function(it)
        return it.kind == vim.lsp.protocol.SymbolKind.String
      end, found or {})
      if #questions == 0 then
        return vim.notify('defog: no golden question has these words')
      end
      vim.ui.select(questions, {
        prompt = 'Golden question',
        kind = 'defog',
        format_item = function(it)
          return it.name
        end,
      }, function(chosen)
        if chosen then
          vim.lsp.util.show_document(chosen.location, client.offset_encoding, { focus = true })
        end
      end)
    end)
  end
  if words ~= '' then
    return ask(words)
  end
  vim.ui.input({ prompt = 'Words of the question: ' }, function(typed)
    if typed and vim.trim(typed) ~= '' then
      ask(typed)
    end
  end)
end

return M

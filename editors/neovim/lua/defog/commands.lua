--- The commands of `:Defog`.

local defog = require('defog')

local M = {}

---@alias defog.Arguments vim.api.keyset.create_user_command.command_args

---@type table<string, fun(names: string[], arguments: defog.Arguments)>
local commands = {}

---@param message string
---@param level integer?
local function say(message, level)
  vim.notify('defog: ' .. message, level or vim.log.levels.INFO)
end

--- Run a command of the server; errors are said.
---@param command string
---@param arguments any[]?
---@param on_result fun(result: any)?
local function on_server(command, arguments, on_result)
  local client = defog.client()
  if not client then
    return say('no server is attached to this buffer; see :checkhealth defog', vim.log.levels.WARN)
  end
  client:exec_cmd({ title = command, command = command, arguments = arguments }, {}, function(err, result)
    if err then
      return say(err.message, vim.log.levels.ERROR)
    end
    if on_result then
      on_result(result)
    end
  end)
end

--- The buffer's folder as an argument; nothing where it is in none, which means all folders.
---@return any[]?
local function folder()
  local status = defog.statuses()[1]
  return status and { status.folder } or nil
end

--- Run a command of the server about what *named* names; without names, about the tables at the
--- caret, or around it.
---@param command string
---@param named { name: string?, tables: string[]? }
---@param on_result fun(result: any)?
local function on_tables(command, named, on_result)
  local client = defog.client()
  local encoding = client and client.offset_encoding or 'utf-16'
  local params = vim.lsp.util.make_range_params(0, encoding)
  local argument = { uri = params.textDocument.uri, name = named.name }
  if #(named.tables or {}) > 0 then
    argument.tables = named.tables
  elseif not named.name then
    argument.range = params.range
  end
  on_server(command, { argument }, on_result)
end

---@param status defog.Status
---@return string
local function sentence(status)
  local age = ''
  if type(status.age_seconds) == 'number' then
    age = (', read %s ago'):format(M.duration(status.age_seconds))
  end
  return vim.trim(defog.describe(status) .. age .. '. ' .. status.message)
end

--- Read the database anew; the server reports progress by itself, so only failures are said here.
function commands.refresh()
  on_server('defog.refreshMetadata', folder(), function(result)
    for _, status in ipairs(result) do
      if status.state == 'error' then
        say(sentence(status), vim.log.levels.ERROR)
      end
    end
  end)
end

function commands.status()
  on_server('defog.showStatus', folder(), function(result)
    if #result == 0 then
      return say('no database: see :help defog-start')
    end
    say(table.concat(vim.tbl_map(sentence, result), '\n'))
  end)
end

--- Say what a table or column means: the one that is named, as `table.column`, or is at the caret.
function commands.describe(names)
  if #names > 1 then
    return say('one table or column can be described at a time', vim.log.levels.ERROR)
  end
  -- Where the metadata file is in a buffer, it is read again.
  on_tables('defog.describe', { name = names[1] }, vim.schedule_wrap(function()
    vim.cmd.checktime()
  end))
end

--- A new buffer with the statements that create the tables here.
function commands.ddl(names)
  on_tables('defog.generateDdl', { tables = names })
end

--- Choose a table of the metadata and show what creates it.
function commands.tables()
  require('defog.documents').choose()
end

--- Choose a golden question, of those that have all the words, and show where it stands.
function commands.golden(words)
  require('defog.documents').choose_question(table.concat(words, ' '))
end

--- What is wrong with the metadata, as a list; without a bang also as a page.
function commands.health(_, arguments)
  local client = defog.client()
  on_server('defog.checkHealth', folder(), function(reports)
    local report = require('defog.report')
    local count = report.list(reports, client.offset_encoding)
    if not arguments.bang then
      report.show(reports, client.offset_encoding)
    elseif count > 0 then
      vim.cmd.copen()
    end
    if count == 0 then
      return say('no problems')
    end
    say(('%d %s in the quickfix list'):format(count, count == 1 and 'problem' or 'problems'))
  end)
end

--- Create the tables here in a database, without rows; the server asks first.
commands['create-tables'] = function(names)
  on_tables('defog.createTables', { tables = names })
end

--- Write the descriptions of the table here to the database, as comments; the server asks first.
function commands.comment(names)
  on_tables('defog.commentDatabase', { tables = names })
end

--- Passwords that were typed are asked for again when a database has to be read.
commands['forget-passwords'] = function()
  on_server('defog.forgetSecrets', nil, function()
    say('passwords are asked for again')
  end)
end

--- Stop the server; once it has gone, start it again for every buffer it served.
function commands.restart()
  local clients = vim.lsp.get_clients({ name = 'defog' })
  for _, client in ipairs(clients) do
    client:stop()
  end
  local timer = assert(vim.uv.new_timer())
  local polls = 0
  timer:start(50, 50, vim.schedule_wrap(function()
    polls = polls + 1
    local running = vim.tbl_filter(function(client)
      return not client:is_stopped()
    end, clients)
    if timer:is_closing() then
      return
    elseif #running == 0 then
      timer:close()
      vim.lsp.enable('defog')
    elseif polls == 60 then -- three seconds are enough for a goodbye
      for _, client in ipairs(running) do
        client:stop(true)
      end
    end
  end))
end

--- The newest of the server's logs, or Neovim's own where there is none.
---@return string
function M.log_path()
  local home = vim.env.DEFOG_HOME or vim.fs.joinpath(vim.uv.os_homedir(), '.defog')
  local newest, newest_time = vim.lsp.log.get_filename(), -1
  -- The folder is logs.d where an old version of the library has left a file named logs.
  for _, path in ipairs(vim.fn.glob(vim.fs.joinpath(home, '{logs,logs.d}', '*.jsonl'), true, true)) do
    local modified = vim.fn.getftime(path)
    if modified > newest_time then
      newest, newest_time = path, modified
    end
  end
  return newest
end

function commands.log()
  vim.cmd.tabedit(vim.fn.fnameescape(M.log_path()))
end

--- `90` as "2 min": rounded to the largest unit that fits.
---@param seconds number
---@return string
function M.duration(seconds)
  for _, unit in ipairs({ { 86400, 'd' }, { 3600, 'h' }, { 60, 'min' } }) do
    if seconds >= unit[1] then
      return ('%d %s'):format(math.floor(seconds / unit[1] + 0.5), unit[2])
    end
  end
  return ('%d s'):format(math.floor(seconds))
end

---@param arguments defog.Arguments
function M.run(arguments)
  local name = arguments.fargs[1]
  local command = commands[name]
  if command then
    return command(vim.list_slice(arguments.fargs, 2), arguments)
  end
  say(
    ('no command "%s"; there are %s'):format(name, table.concat(M.names(), ', ')),
    vim.log.levels.ERROR
  )
end

---@return string[]
function M.names()
  local names = vim.tbl_keys(commands)
  table.sort(names)
  return names
end

local TAKES_TABLES = { comment = true, ['create-tables'] = true, ddl = true, describe = true }
local TAKES_COLUMNS = { describe = true }

--- Commands, and after one that takes tables, or columns as well, those that *lead* may mean.
---@param lead string
---@param line string
---@param caret integer
---@return string[]
function M.complete(lead, line, caret)
  local command = line:sub(1, caret):match('Defog!?%s+(%S+)%s')
  if not command then
    return vim.tbl_filter(function(name)
      return vim.startswith(name, lead)
    end, M.names())
  end
  if not TAKES_TABLES[command] then
    return {}
  end
  local names = require('defog.names')
  local typed = lead:gsub('\\(.)', '%1')
  local found = names.tables(typed)
  if TAKES_COLUMNS[command] then
    vim.list_extend(found, names.columns(typed))
  end
  -- As one argument each, whatever the names consist of.
  return vim.tbl_map(function(name)
    return vim.fn.escape(name, ' \t\\')
  end, found)
end

return M

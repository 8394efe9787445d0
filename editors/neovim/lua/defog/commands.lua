--- The commands of `:Defog`.

local defog = require('defog')

local M = {}

---@type table<string, fun()>
local commands = {}

---@param message string
---@param level integer?
local function say(message, level)
  vim.notify('defog: ' .. message, level or vim.log.levels.INFO)
end

---@param command string
local function on_server(command)
  local client = defog.client()
  if not client then
    return say('no server is attached to this buffer; see :checkhealth defog', vim.log.levels.WARN)
  end
  local folder = defog.folder()
  local arguments = folder and { folder } or nil
  client:exec_cmd({ title = command, command = command, arguments = arguments }, {}, function(err)
    if err then
      say(err.message, vim.log.levels.ERROR)
    end
  end)
end

function commands.refresh()
  on_server('defog.refreshMetadata')
end

function commands.status()
  on_server('defog.showStatus')
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

--- Open the newest of the server's logs, or Neovim's own where there is none.
function commands.log()
  local home = vim.env.DEFOG_HOME or vim.fs.joinpath(vim.uv.os_homedir(), '.defog')
  local newest, newest_time = vim.lsp.log.get_filename(), -1
  for _, path in ipairs(vim.fn.glob(vim.fs.joinpath(home, 'logs', '*.jsonl'), true, true)) do
    local modified = vim.fn.getftime(path)
    if modified > newest_time then
      newest, newest_time = path, modified
    end
  end
  vim.cmd.tabedit(vim.fn.fnameescape(newest))
end

---@param arguments vim.api.keyset.create_user_command.command_args
function M.run(arguments)
  local command = commands[arguments.args]
  if command then
    return command()
  end
  say(
    ('no command "%s"; there are %s'):format(arguments.args, table.concat(M.names(), ', ')),
    vim.log.levels.ERROR
  )
end

---@return string[]
function M.names()
  local names = vim.tbl_keys(commands)
  table.sort(names)
  return names
end

---@param lead string
---@return string[]
function M.complete(lead)
  return vim.tbl_filter(function(name)
    return vim.startswith(name, lead)
  end, M.names())
end

return M

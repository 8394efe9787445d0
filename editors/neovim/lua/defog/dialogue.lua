--- What the server asks of the person, where LSP has no word for it.
---
--- The server says in `defog_lsp.lsp.dialogue` what each request is.

local M = {}

--- What is told to the server, so that it asks.
M.capabilities = {
  experimental = {
    defog = {
      openText = true, askText = true, choose = true, save = true, secret = true,
      tableDocuments = true,
    },
  },
}

--- Wait for *ask*, which calls back with what the person answers; nil becomes null.
---@param ask fun(answered: fun(answer: any))
---@param resume? fun(running: thread, answer: any) in the place of |coroutine.resume()|
---@return any
local function answer_of(ask, resume)
  local running = assert(coroutine.running())
  ask(function(answer)
    -- Later, also where the question was answered at once: nobody is waiting before the yield.
    vim.schedule(function()
      (resume or coroutine.resume)(running, answer)
    end)
  end)
  local answer = coroutine.yield()
  return answer == nil and vim.NIL or answer
end

--- A scratch buffer in a split of its own.
---@param params { text: string, name: string, languageId: string }
local function open_text(_, params)
  vim.cmd.new()
  local lines = vim.split(params.text, '\n')
  if lines[#lines] == '' then
    table.remove(lines)
  end
  vim.api.nvim_buf_set_lines(0, 0, -1, false, lines)
  vim.bo.buftype = 'nofile'
  vim.bo.bufhidden = 'hide'
  vim.bo.swapfile = false
  vim.bo.filetype = params.languageId
  return true
end

---@param params { title: string, prompt: string, value: string }
local function ask_text(_, params)
  return answer_of(function(answered)
    vim.ui.input({ prompt = params.prompt .. ': ', default = params.value }, answered)
  end)
end

---@param params { title: string, items: string[] }
local function choose(_, params)
  return answer_of(function(answered)
    vim.ui.select(params.items, { prompt = params.title, kind = 'defog' }, function(_, index)
      answered(index and index - 1)
    end)
  end)
end

---@param params { uri: string }
local function save(_, params)
  local buffer = vim.uri_to_bufnr(params.uri)
  if not vim.api.nvim_buf_is_loaded(buffer) then
    return false
  end
  return vim.api.nvim_buf_call(buffer, function()
    return pcall(vim.cmd.update, { mods = { silent = true } }) and not vim.bo.modified
  end)
end

--- Send an answer that Neovim's log must not have, whatever its level: it ends where it is sent.
---@param running thread
---@param answer any
local function resume_unlogged(running, answer)
  local log = vim.lsp.log
  local level = log.get_level()
  log.set_level(vim.log.levels.OFF)
  coroutine.resume(running, answer)
  log.set_level(level)
end

--- A password; nothing typed, Escape and Ctrl-C all mean that there is none.
---@param params { title: string, wrong: boolean }
local function secret(_, params)
  local prompt = (params.wrong and 'The database refused the last one. ' or '') .. params.title .. ': '
  return answer_of(function(answered)
    -- Outside of the handler: the question keeps Neovim waiting.
    vim.schedule(function()
      local done, typed = pcall(vim.fn.inputsecret, prompt)
      vim.api.nvim_echo({ { '' } }, false, {}) -- no longer how long it is
      answered(done and typed ~= '' and typed or nil)
    end)
  end, resume_unlogged)
end

--- The handlers, as |vim.lsp.Config| has them.
M.handlers = {
  ['defog/openText'] = open_text,
  ['defog/askText'] = ask_text,
  ['defog/choose'] = choose,
  ['defog/save'] = save,
  ['defog/secret'] = secret,
}

return M

--- The health of the metadata: a list of places in the quickfix window, and a page about the whole.

local M = {}

local ORDER = { error = 'E', warning = 'W', information = 'I', hint = 'N' }

---@class defog.Place a location that knows what is wrong there
---@field uri string
---@field range lsp.Range
---@field problem { severity: string, code: string, message: string }

---@param reports table[] what the command `defog.checkHealth` answers
---@return defog.Place[]
local function places_of(reports)
  local places, seen = {}, {}
  for _, report in ipairs(reports) do
    for _, file in ipairs(report.files) do
      for _, problem in ipairs(file.problems) do
        -- Two connections of a folder share its files.
        local key = vim.json.encode({ file.uri, problem.range.start, problem.code, problem.message })
        if not seen[key] then
          seen[key] = true
          table.insert(places, { uri = file.uri, range = problem.range, problem = problem })
        end
      end
    end
  end
  return places
end

--- Fill the quickfix list.
---@param reports table[]
---@param encoding string of the positions
---@return integer how many problems there are
function M.list(reports, encoding)
  local items = vim.lsp.util.locations_to_items(places_of(reports), encoding)
  for _, item in ipairs(items) do
    local problem = item.user_data.problem
    item.text = ('%s [%s]'):format(problem.message:gsub('%s+', ' '), problem.code)
    item.type = ORDER[problem.severity] or 'E'
  end
  vim.fn.setqflist({}, ' ', { title = 'Defog health', items = items })
  return #items
end

---@param some integer
---@param all integer
---@return string
local function share(some, all)
  if all == 0 then
    return 'none'
  end
  return ('%d of %d (%d %%)'):format(some, all, math.floor(100 * some / all))
end

---@param reports table[]
---@return string[] lines
---@return table<integer, { uri: string, start: lsp.Position }> places by line, from 1
local function page_of(reports)
  local lines, places = { '# Defog health' }, {}
  local function add(text)
    table.insert(lines, (text:gsub('%s*\n%s*', ' ')))
  end
  local function names(title, found)
    if #found > 0 then
      vim.list_extend(lines, { '', '### ' .. title, '' })
      vim.iter(found):each(function(name)
        add('- ' .. name)
      end)
    end
  end
  if #reports == 0 then
    vim.list_extend(lines, { '', 'There are no metadata.' })
  end
  for _, report in ipairs(reports) do
    local described, covered = report.descriptions, report.coverage
    local name = type(report.connection) == 'string' and report.connection or 'Metadata files'
    vim.list_extend(lines, { '', '## ' .. name, '' })
    add(('- Tables: %d, from %s'):format(report.tables, report.origin))
    add('- Described tables: ' .. share(described.tables_described, described.total_tables))
    add('- Described columns: ' .. share(described.columns_described, described.total_columns))
    add(('- Golden queries: %d'):format(report.goldenQueries))
    add('- Covered tables: ' .. share(covered.tables_covered, covered.total_tables))
    for _, file in ipairs(report.files) do
      vim.list_extend(lines, { '', ('### %s (%s)'):format(file.name, file.kind) })
      places[#lines] = { uri = file.uri, start = { line = 0, character = 0 } }
      table.insert(lines, '')
      if #file.problems == 0 then
        add('No problems.')
      end
      for _, it in ipairs(file.problems) do
        local start = it.range.start
        add(('- %d: %s: %s `%s`'):format(start.line + 1, it.severity, it.message, it.code))
        places[#lines] = { uri = file.uri, start = start }
      end
    end
    names('Descriptions that are long', described.long)
    names('Tables that no golden query reads', covered.uncovered_tables)
  end
  return lines, places
end

--- The fold of line *number*: everything under a heading goes with it.
---@param number integer
---@return string
function M.fold(number)
  local heading = vim.fn.getline(number):match('^##+ ')
  return heading and '>' .. (#heading - 2) or '='
end

--- Show the page in a split, or again where it is shown.
---@param reports table[]
---@param encoding string
function M.show(reports, encoding)
  local lines, places = page_of(reports)
  local shown = vim.iter(vim.api.nvim_tabpage_list_wins(0)):find(function(window)
    return vim.b[vim.api.nvim_win_get_buf(window)].defog_health
  end)
  if shown then
    vim.api.nvim_set_current_win(shown)
  else
    vim.cmd.new()
    vim.bo.buftype = 'nofile'
    vim.bo.bufhidden = 'wipe'
    vim.bo.swapfile = false
    vim.b.defog_health = true
    vim.bo.filetype = 'markdown'
    vim.wo[0][0].foldmethod = 'expr'
    vim.wo[0][0].foldexpr = "v:lua.require'defog.report'.fold(v:lnum)"
    vim.wo[0][0].foldlevel = 99
  end
  local buffer = vim.api.nvim_get_current_buf()
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
  local function go()
    local place = places[vim.fn.line('.')]
    if place then
      vim.cmd.wincmd('p')
      if vim.api.nvim_get_current_buf() == buffer then
        vim.cmd.new()
      end
      vim.lsp.util.show_document(
        { uri = place.uri, range = { start = place.start, ['end'] = place.start } },
        encoding,
        { focus = true }
      )
    end
  end
  vim.keymap.set('n', '<CR>', go, { buffer = buffer, desc = 'Go to the place' })
  vim.keymap.set('n', 'gf', go, { buffer = buffer, desc = 'Go to the place' })
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buffer, desc = 'Close the page' })
end

return M

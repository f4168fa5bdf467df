// The page at "/" for people who would rather look than read: it asks for /status and draws it. Its sources
// are the files of engine/admin/page, which are part of the program; nothing of it comes from elsewhere.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "admin/page.hpp"

namespace sluice::engine {

// The first is at "/", the others below "/page/". All of them are open: what they show comes from /status.
[[nodiscard]] std::vector<Page> web_pages();

struct WebPageFile {
  std::string_view name;  // "style.css"
  std::string_view etag;  // quoted; changes with the text
  std::string_view text;
};
// Made at build time from the files.
[[nodiscard]] std::span<const WebPageFile> web_page_files();

}  // namespace sluice::engine

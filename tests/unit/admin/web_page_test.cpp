#include "admin/web_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace sluice::engine {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(WebPage, is_at_the_root_and_asks_only_for_parts_that_are_there) {
  const std::vector<Page> pages = web_pages();
  ASSERT_FALSE(pages.empty());
  EXPECT_EQ(pages.front().path, "/");
  std::set<std::string> paths;
  for (const Page& page : pages) paths.insert(page.path);
  EXPECT_EQ(paths.size(), pages.size());
  const std::string index = pages.front().make().body;
  EXPECT_THAT(index, StartsWith("<!doctype html>"));
  for (const std::string part : {"/page/style.css", "/page/page.js", "/page/icon.svg"}) {
    EXPECT_THAT(index, HasSubstr('"' + part.substr(1) + '"'));
    EXPECT_TRUE(paths.contains(part)) << part;
  }
}

TEST(WebPage, holds_every_file_whole) {
  for (const WebPageFile& file : web_page_files()) {
    EXPECT_TRUE(file.text.ends_with('\n')) << file.name;
    EXPECT_TRUE(file.etag.starts_with('"') && file.etag.ends_with('"') && file.etag.size() > 8) << file.etag;
  }
}

TEST(WebPage, lets_nothing_run_that_is_not_its_own) {
  for (const Page& page : web_pages()) {
    const auto policy = std::ranges::find(page.headers, "Content-Security-Policy",
                                          &std::pair<std::string, std::string>::first);
    ASSERT_NE(policy, page.headers.end()) << page.path;
    EXPECT_THAT(policy->second, StartsWith("default-src 'none'; script-src 'self';"));
    EXPECT_THAT(policy->second, Not(HasSubstr("unsafe")));
  }
}

TEST(WebPage, never_makes_markup_of_what_it_is_told) {
  for (const WebPageFile& file : web_page_files())
    for (const std::string way : {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("})
      EXPECT_EQ(file.text.find(way), std::string_view::npos) << file.name << ": " << way;
}

}  // namespace
}  // namespace sluice::engine

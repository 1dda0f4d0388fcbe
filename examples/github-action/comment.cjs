// Writes the plan into one comment of the pull request, and brings that one up to date on every push.
const fs = require("node:fs");
const path = require("node:path");

/** How the comment is found again: one for each project folder. */
const marker = (folder) => `<!-- sluice plan: ${folder.replace(/[^\w./-]/g, "_")} -->`;

/** GitHub refuses more than 65,536 characters; a plan has at most 60,000. */
const CHARACTERS_MAX = 65_000;
/** Pages of 100 comments that are looked through. */
const PAGES_MAX = 30;

module.exports = async function comment({ github, context, env = process.env }) {
  const mark = marker(env.SLUICE_FOLDER ?? ".");
  const plan = fs.readFileSync(path.join(env.SLUICE_OUT, "comment.md"), "utf8");
  const body = `${mark}\n${plan}`.slice(0, CHARACTERS_MAX);
  const { owner, repo } = context.repo;
  const issue = { owner, repo, issue_number: context.payload.pull_request.number };
  const before = await find(github, issue, mark);
  if (before === null) await github.rest.issues.createComment({ ...issue, body });
  else await github.rest.issues.updateComment({ owner, repo, comment_id: before.id, body });
};

async function find(github, issue, mark) {
  for (let page = 1; page <= PAGES_MAX; page++) {
    const { data } = await github.rest.issues.listComments({ ...issue, per_page: 100, page });
    // Only a bot's: whoever quotes the mark must not have their comment overwritten.
    const own = data.find(({ body, user }) => user?.type === "Bot" && body?.startsWith(mark));
    if (own !== undefined) return own;
    if (data.length < 100) return null;
  }
  return null;
}

// As much English as names of actions and events need.

const irregular: ReadonlySet<string> = new Set(
  `arisen become begun bent bet bid born bought bound broken brought built burnt burst cast caught chosen come cost cut dealt done
  drawn driven fallen fed felt forbidden forgotten fought found frozen given gone grown held hidden hit hurt kept known laid led left
  lent let lost made meant met outgrown overdrawn overridden overrun paid put quit read rebuilt redone reset resold resent retaken
  rewritten risen run seen sent set shown shut sold sought spent split spoken stolen struck stuck taken taught thought thrown told
  torn undone understood undertaken upheld upset withdrawn withheld won written`.split(/\s+/),
);

/** End in "ed" and are none. */
const nouns: ReadonlySet<string> = new Set(["bed", "feed", "need", "red", "seed", "shed", "speed", "embed", "breed", "deed"]);

/** Whether a word may be a past participle: shipped, paid. */
export function isPastTense(word: string): boolean {
  const lower = word.toLowerCase();
  return irregular.has(lower) || (lower.endsWith("ed") && !nouns.has(lower));
}

const verbs: ReadonlySet<string> = new Set(
  `accept accrue acknowledge activate add adjust allocate allow amend anonymise anonymize apply approve archive assign attach authorise
  authorize award ban bill block book buy calculate cancel capture change charge check claim clear close collect complete compute
  confirm convert copy correct count create credit deactivate debit decline define delete deliver deny deposit disable dismiss
  dispatch dispute distribute download draft edit enable end enrol enroll enter erase escalate estimate evict exchange execute expire
  export extend fail fetch file finalise finalize find finish fix forget freeze fulfil fulfill generate get give grant handle hide
  hold import increase invite invoice issue join keep leave lift like link list load lock log make mark match merge migrate move
  notify open order pack pause pay pick place post prepare process promote propose prorate publish purchase quote raise rate read
  reassign rebook receive recharge reconcile record recover redeem refresh refund register reject release remind remove rename renew
  reopen reorder repay replace replenish report request require reschedule resend reserve reset resolve restore restrict resume retire
  retry return reverse review revoke rollback rotate run save schedule score seal search sell send set settle share ship show sign
  skip snooze split start stock stop store submit subscribe suspend swap switch sync tag take terminate tick track trade transfer
  unarchive unblock undo unlink unlock unpublish unsubscribe update upgrade upload use validate verify view void vote waive watch
  withdraw write`.split(/\s+/),
);

/** Whether a word is one that use cases begin with. */
export function isVerb(word: string): boolean {
  return verbs.has(word.toLowerCase());
}

const onlyVerbs: ReadonlySet<string> = new Set(
  `activate add apply approve archive assign cancel close complete confirm create deactivate delete deliver dispatch find get pay
  publish receive register reject remove rename send ship submit update validate`.split(/\s+/),
);

/** Whether a word is hardly ever a thing: `cancel`, not `stock`. */
export function isOnlyVerb(word: string): boolean {
  return onlyVerbs.has(word.toLowerCase());
}

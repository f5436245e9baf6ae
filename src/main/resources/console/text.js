// Words in both languages, side by side, so that none is forgotten.

/** @type {Record<string, [string, string]>} */
const WORDS = {
  'console': ['Console', '控制台'],
  'skip': ['Skip to the content', '跳到正文'],
  'attention': ['Needs attention', '需要处理'],
  'transactions': ['Transactions', '事务'],
  'transaction': ['Transaction', '事务'],
  'overview': ['Overview', '总览'],
  'participants': ['Participants', '参与者'],
  'topics': ['Topics', '主题'],
  'bulk': ['Bulk', '批量操作'],
  'audit': ['Audit', '审计'],
  'settings': ['Settings', '设置'],
  'search': ['Find a transaction by its gid', '按 gid 查找事务'],
  'live.opening': ['Connecting', '连接中'],
  'live.live': ['Live', '实时'],
  'live.lost': ['Not live', '非实时'],
  'live.off': ['Paused', '已暂停'],
  'live.banner': ['Not live: the stream of events is broken. This page shows how things stood at'
    + ' {at}, and is read again every {s} s until the stream is back.',
    '非实时：事件流已中断。此页显示的是 {at} 的状态，恢复之前每 {s} 秒重新读取一次。'],
  'theme.system': ['System', '跟随系统'],
  'theme.light': ['Light', '浅色'],
  'theme.dark': ['Dark', '深色'],
  'theme': ['Theme', '主题'],
  'language': ['Language', '语言'],
  'login': ['Log in', '登录'],
  'login.token': ['Token', '令牌'],
  'login.help': ['A token of the identities file, or the administrator’s. The session ends after'
    + ' 8 hours, or with the token.',
    '身份文件中的令牌，或管理员令牌。会话在 8 小时后或令牌失效时结束。'],
  'logout': ['Log out', '退出登录'],
  'nobody': ['No login needed here', '此处无需登录'],
  'ended': ['The session has ended.', '会话已结束。'],
  'refresh': ['Refresh', '刷新'],
  'loading': ['Loading', '加载中'],
  'failed': ['This could not be read', '读取失败'],
  'again': ['Try again', '重试'],
  'more': ['Next page', '下一页'],
  'first': ['First page', '第一页'],
  'close': ['Close', '关闭'],
  'cancel': ['Cancel', '取消'],
  'copy': ['Copy', '复制'],
  'copied': ['Copied', '已复制'],
  'none': ['–', '–'],
  'all': ['All', '全部'],
  'any': ['Any', '任意'],
  'yes': ['Yes', '是'],
  'no': ['No', '否'],
  'reason': ['Reason', '原因'],
  'ago': ['{d} ago', '{d}前'],
  'in': ['in {d}', '{d}后'],
  'due': ['due now', '现在到期'],

  'status': ['Status', '状态'],
  'status.prepared': ['Prepared', '已准备'],
  'status.submitted': ['In progress', '进行中'],
  'status.aborting': ['Rolling back', '回滚中'],
  'status.succeed': ['Succeeded', '已成功'],
  'status.failed': ['Failed', '已失败'],
  'mode': ['Mode', '模式'],
  'mode.saga': ['Saga', 'Saga'],
  'mode.tcc': ['TCC', 'TCC'],
  'mode.xa': ['XA', 'XA'],
  'mode.msg': ['Message', '二阶段消息'],
  'mode.workflow': ['Workflow', '工作流'],
  'waiting': ['Waits for', '等待'],
  'waiting.initiator': ['its initiator', '发起方'],
  'waiting.delay': ['a delay', '延迟'],
  'waiting.participant': ['an answer', '应答'],
  'waiting.retry': ['the next attempt', '下次重试'],
  'waiting.put-off': ['a deferred call', '被推迟的调用'],
  'waiting.callback': ['a callback', '回调'],
  'waiting.parked': ['an operator', '运维人员'],
  'waiting.paused': ['a resume', '恢复'],
  'parked': ['Parked', '已搁置'],
  'paused': ['Paused', '已暂停'],
  'quarantined': ['Quarantined', '已隔离'],
  'unfinished': ['Unfinished', '未结束'],
  'ended.short': ['Ended', '已结束'],
  'gid': ['Gid', 'Gid'],
  'gid.prefix': ['Gid begins with', 'Gid 前缀'],
  'participant': ['Participant', '参与者'],
  'participant.hint': ['host or host:port', '主机或 主机:端口'],
  'error': ['Error', '错误'],
  'error.hint': ['text in the last error', '最近错误中的文字'],
  'attribute': ['Attribute', '属性'],
  'opened': ['Opened', '创建时间'],
  'opened.from': ['Opened from', '创建时间从'],
  'opened.to': ['Opened to', '创建时间到'],
  'updated': ['Updated', '更新时间'],
  'updated.ago': ['updated', '更新于'],
  'next': ['Next', '下次'],
  'attempts': ['Attempts', '尝试次数'],
  'sort': ['Order', '排序'],
  'sort.newest': ['Newest first', '最新在前'],
  'sort.oldest': ['Oldest first', '最早在前'],
  'filter': ['Filter', '筛选'],
  'filter.clear': ['Clear filters', '清除筛选'],
  'filter.more': ['More filters', '更多筛选'],
  'list.empty': ['No transactions', '没有事务'],
  'list.empty.why': ['None fits these filters.', '没有符合条件的事务。'],
  'list.shown': ['{n} on this page', '本页 {n} 条'],

  'tx.picture': ['Course', '过程'],
  'tx.words': ['In words', '说明'],
  'tx.actions': ['Actions', '操作'],
  'tx.branches': ['Branches', '分支'],
  'tx.attempts': ['Attempts', '调用记录'],
  'tx.history': ['History', '历史'],
  'tx.facts': ['Facts', '信息'],
  'tx.result': ['Result', '结果'],
  'tx.data': ['Custom data', '自定义数据'],
  'tx.options': ['Options', '选项'],
  'tx.step': ['Step', '步骤'],
  'tx.op': ['Operation', '操作'],
  'tx.url': ['URL', 'URL'],
  'tx.settled': ['Settled', '完成时间'],
  'tx.payload': ['Payload', '载荷'],
  'tx.now': ['now', '现在'],
  'tx.next': ['Next attempt', '下次尝试'],
  'tx.masked': ['hidden for your role', '您的角色不可见'],
  'tx.none': ['No attempts are kept.', '没有保存的调用记录。'],
  'tx.skipped': ['{n} attempts of {op} between these are counted, not kept.',
    '{op} 的其间 {n} 次调用仅计数，未保存。'],
  'tx.request': ['Request', '请求'],
  'tx.answer': ['Answer', '应答'],
  'tx.curl': ['As curl', 'curl 命令'],
  'tx.reload': ['Read again at {at}', '读取于 {at}'],
  'tx.nobody': ['There is no such transaction, or none that you may see.',
    '没有这个事务，或您无权查看。'],
  'key.success': ['success', '成功'],
  'key.failure': ['refused', '拒绝'],
  'key.unknown': ['no verdict', '无结论'],
  'key.ongoing': ['ongoing', '进行中'],
  'key.put-off': ['deferred', '被推迟'],
  'key.forbidden': ['not allowed', '禁止调用'],
  'key.wait': ['wait', '等待'],
  'key.due': ['next attempt', '下次尝试'],
  'event': ['Event', '事件'],
  'time': ['Time', '时间'],

  'attention.sum': ['{n} transactions, {c} causes', '{n} 个事务，{c} 种原因'],
  'attention.none': ['Nothing needs you', '没有需要处理的事务'],
  'attention.none.why': ['What fails is tried again by itself. What stays stuck appears here.',
    '失败的调用会自动重试；卡住的事务会出现在这里。'],
  'attention.oldest': ['oldest', '最早'],
  'cause.parked': ['Parked', '已搁置'],
  'cause.parked.why': ['Nothing more is called until an operator lets it go on.',
    '在运维人员放行之前不会再调用。'],
  'cause.quarantined': ['Quarantined', '已隔离'],
  'cause.quarantined.why': ['The history cannot be trusted; no call is made.',
    '历史记录不可信，不会再调用。'],
  'cause.retry': ['Retrying', '重试中'],
  'cause.retry.why': ['Calls bring no verdict; they are tried again by themselves.',
    '调用没有得到结论，会自动重试。'],
  'cause.callback': ['Waits for a callback', '等待回调'],
  'cause.callback.why': ['The participant is at work and has not told how it went.',
    '参与者正在处理，尚未告知结果。'],
  'cause.paused': ['Paused', '已暂停'],
  'cause.paused.why': ['Somebody has paused it.', '已被人工暂停。'],
  'cause.put-off': ['Deferred', '被推迟'],
  'cause.put-off.why': ['The participant fails too often or is paused; calls are made later.',
    '参与者失败过多或已暂停，稍后再调用。'],
  'cause.check-back': ['Check-back', '回查中'],
  'cause.check-back.why': ['Its initiator has not said whether it committed.',
    '发起方尚未说明是否已提交。'],
  'cause': ['Cause', '原因'],
  'stuck': ['Stuck', '卡住'],
  'cause.initiator': ['Waits for its initiator', '等待发起方'],

  'overview.ready': ['Ready', '就绪'],
  'overview.unready': ['Not ready', '未就绪'],
  'overview.oldest': ['Oldest', '最早'],
  'overview.by': ['Unfinished, by mode and status', '未结束的事务（按模式和状态）'],
  'overview.count': ['Count', '数量'],
  'overview.nodes': ['Nodes', '节点'],
  'node': ['Node', '节点'],
  'node.address': ['Address', '地址'],
  'node.since': ['Since', '自'],
  'node.self': ['this one', '当前节点'],
  'participants.none': ['Nothing is stuck at any participant', '没有卡在任何参与者上的事务'],
  'participants.deferred': ['deferred', '被推迟'],
  'participants.why': ['Those at which something is stuck', '有事务卡住的参与者'],
  'topic': ['Topic', '主题'],
  'topics.none': ['No topics', '没有主题'],
  'topics.subscribers': ['Subscribers', '订阅者'],
  'audit.none': ['Nothing on record', '没有记录'],
  'audit.who': ['Who', '谁'],
  'audit.target': ['What about', '对象'],
  'audit.act': ['Act', '操作'],
  'settings.why': ['What this node runs with', '本节点的生效设置'],
  'settings.none': ['No such setting', '没有这项设置'],

  'act.retry': ['Retry now', '立即重试'],
  'act.pause': ['Pause', '暂停'],
  'act.resume': ['Resume', '恢复'],
  'act.park': ['Park', '搁置'],
  'act.unpark': ['Let it go on', '继续执行'],
  'act.skip': ['Skip a step', '跳过步骤'],
  'act.resolve': ['Resolve by hand', '人工裁定'],
  'act.stop': ['Force an end', '强制结束'],
  'act.rollback': ['Roll back', '回滚'],
  'act.edit': ['Change a call', '修改调用'],
  'act.again': ['Drive it again', '重新执行'],
  'act.delete': ['Delete', '删除'],
  'act.until': ['Until (empty: until somebody resumes it)', '截止时间（留空：直到有人恢复）'],
  'act.outcome': ['Outcome', '结果'],
  'act.outcome.success': ['It succeeded', '已成功'],
  'act.outcome.failure': ['It failed', '已失败'],
  'act.outcome.failed': ['End as failed', '以失败结束'],
  'act.outcome.succeed': ['End as succeeded', '以成功结束'],
  'act.which': ['Which operation', '哪个操作'],
  'act.from': ['From branch (empty: the first that is not done)', '从哪个分支（留空：第一个未完成的）'],
  'act.gid': ['New gid (empty: the server makes one)', '新 gid（留空：由服务器生成）'],
  'act.url': ['New URL (empty: as it is)', '新 URL（留空：不变）'],
  'act.payload': ['New payload (empty: as it is)', '新载荷（留空：不变）'],
  'act.interval': ['Retry every, in seconds (empty: as it is)', '重试间隔秒数（留空：不变）'],
  'act.done': ['Done: {text}', '完成：{text}'],
  'act.same': ['Nothing to change: {text}', '无需更改：{text}'],
  'bulk.why': ['One thing done to many transactions. Filter the transactions to begin one.',
    '对多个事务执行同一操作。先筛选事务，再开始。'],
  'bulk.none': ['Nothing was done in bulk', '没有批量操作'],
  'bulk.id': ['Id', '编号'],
  'bulk.state': ['State', '状态'],
  'bulk.state.running': ['Running', '执行中'],
  'bulk.state.paused': ['Paused', '已暂停'],
  'bulk.state.canceled': ['Canceled', '已取消'],
  'bulk.state.finished': ['Finished', '已结束'],
  'bulk.action': ['Action', '操作'],
  'bulk.progress': ['Progress', '进度'],
  'bulk.done': ['{n} of {all}', '{n} / {all}'],
  'bulk.refused': ['{n} refused', '{n} 个被拒绝'],
  'bulk.failed': ['{n} failed', '{n} 个失败'],
  'bulk.by': ['By', '操作人'],
  'bulk.changed': ['Changed by', '变更人'],
  'bulk.begun': ['Begun', '开始于'],
  'bulk.ended': ['Ended', '结束于'],
  'bulk.filter': ['Filter', '筛选条件'],
  'bulk.result': ['Result', '结果'],
  'bulk.result.pending': ['Pending', '待处理'],
  'bulk.result.succeeded': ['Succeeded', '成功'],
  'bulk.result.refused': ['Refused', '被拒绝'],
  'bulk.result.failed': ['Failed', '失败'],
  'bulk.detail': ['Why', '原因'],
  'bulk.at': ['At', '时间'],
  'bulk.items.none': ['None', '无'],
  'bulk.pause': ['Pause', '暂停'],
  'bulk.resume': ['Resume', '继续'],
  'bulk.cancel': ['Cancel the rest', '取消剩余'],
  'bulk.all': ['Act on all of these', '对全部执行操作'],
  'bulk.count': ['{n} unfinished transactions match.', '{n} 个未结束的事务符合条件。'],
  'bulk.many': ['More than {n} match: narrow the filter.', '超过 {n} 个符合条件：请缩小范围。'],
  'act.not': ['{n} not possible now', '{n} 项当前不可用'],
  'act.unasked': ['This server takes no actions here.', '此服务器不支持在这里操作。'],
  'act.role': ['Your role ({role}) may not act.', '您的角色（{role}）不能执行操作。'],
};

const KEPT = 'pactor-language';

/** @returns {'en' | 'zh'} */
function initial() {
  const asked = new URLSearchParams(location.search).get('lang') || kept()
    || navigator.language || 'en';
  return asked.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch (none) {
    return null;
  }
}

/** @type {'en' | 'zh'} */
export let language = initial();
document.documentElement.lang = language;

/** @param {'en' | 'zh'} to */
export function speak(to) {
  language = to;
  document.documentElement.lang = to;
  try {
    localStorage.setItem(KEPT, to);
  } catch (none) {
    // It is forgotten with the page.
  }
}

/** @param {string} key @returns {boolean} */
export const has = key => key in WORDS;

/**
 * @param {string} key
 * @param {Record<string, any>} [values] for what stands in braces
 */
export function t(key, values = {}) {
  const pair = WORDS[key];
  const text = pair ? pair[language === 'zh' ? 1 : 0] : key;
  return text.replace(/\{(\w+)\}/g, (all, name) =>
    name in values ? String(values[name]) : all);
}

/** The word for one of the server's; itself if there is none. @param {string} group @param {string} word */
export const word = (group, word) => has(group + '.' + word) ? t(group + '.' + word) : word;

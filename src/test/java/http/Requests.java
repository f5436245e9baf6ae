package http;

/** Bodies of requests as a client writes them. */
final class Requests {

    private Requests() {}

    /** What {@code prepare} says in this mode; of a saga or message with one step to that url. */
    static String work(String gid, String mode, String url) {
        return mode.equals("saga") || mode.equals("msg") ? step(gid, mode, url, "")
            : bare(gid, mode);
    }

    static String step(String gid, String mode, String action, String compensate) {
        return "{\"gid\":\"" + gid + "\",\"trans_type\":\"" + mode + "\",\"steps\":[{\"action\":\""
            + action + "\",\"compensate\":\"" + compensate + "\"}],\"payloads\":[\"{}\"]}";
    }

    static String bare(String gid, String mode) {
        return "{\"gid\":\"" + gid + "\",\"trans_type\":\"" + mode + "\"}";
    }

    static String finished(String gid, String status) {
        return "{\"gid\":\"" + gid + "\",\"trans_type\":\"workflow\",\"req_extra\":{\"status\":\""
            + status + "\",\"result\":\"\",\"rollback_reason\":\"\"}}";
    }

    static String branch(String gid, String mode, String id, String url) {
        return "{\"gid\":\"" + gid + "\",\"trans_type\":\"" + mode + "\",\"branch_id\":\"" + id
            + "\",\"data\":\"{}\",\"confirm\":\"" + url + "\",\"cancel\":\"" + url
            + "\",\"url\":\"" + url + "\",\"op\":\"action\",\"status\":\"succeed\"}";
    }
}

package io.pactor.spring.contract;

import io.pactor.spring.participant.Participant;
import io.pactor.spring.transaction.GlobalTransaction;
import io.pactor.spring.transaction.Tcc;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.cloud.openfeign.FeignClient;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

/** Sends parcels, and tells others by three kinds of clients. */
@RestController
class Parcels {

    record Parcel(String content) {}

    /** This application, by Feign. */
    @FeignClient(name = "post", url = "${self}")
    interface Post {

        @PostMapping("/parcels")
        void send(@RequestBody Parcel parcel);

        @PostMapping("/heard/{client}")
        void hear(@PathVariable("client") String client);

        @Tcc(confirm = "confirm", cancel = "cancel")
        @PostMapping("/weights/reserve")
        Parcel reserve(@RequestBody Parcel parcel);

        @PostMapping("/weights/confirm")
        void confirm(@RequestBody Parcel parcel);

        @PostMapping("/weights/cancel")
        void cancel(@RequestBody Parcel parcel);
    }

    /** Begins transactions. */
    @Service
    static class Clerk {

        private final Post post;

        Clerk(Post post) {
            this.post = post;
        }

        @GlobalTransaction
        public Parcel ship(Parcel parcel) {
            return post.reserve(parcel);
        }
    }

    private final Map<String, String> heard = new ConcurrentHashMap<>();
    private final RestClient restClient;
    private final WebClient webClient;
    private final Post post;

    Parcels(RestClient.Builder restClient, WebClient.Builder webClient, Post post,
            Environment environment) {
        String self = environment.getRequiredProperty("self");
        this.restClient = restClient.baseUrl(self).build();
        this.webClient = webClient.baseUrl(self).build();
        this.post = post;
    }

    @Participant
    @Transactional
    @PostMapping("/parcels")
    public void send(@RequestBody Parcel parcel) {
        restClient.post().uri("/heard/RestClient").retrieve().toBodilessEntity();
        webClient.post().uri("/heard/WebClient").retrieve().toBodilessEntity().block();
        post.hear("Feign");
    }

    @Participant
    @Transactional
    @PostMapping("/weights/reserve")
    public Parcel reserve(@RequestBody Parcel parcel) {
        heard.put(parcel.content(), "reserved");
        return new Parcel("reserved " + parcel.content());
    }

    @Participant
    @Transactional
    @PostMapping("/weights/confirm")
    public void confirm(@RequestBody Parcel parcel) {
        heard.merge(parcel.content(), "confirmed", (one, other) -> one + ", " + other);
    }

    @Participant(undoes = "reserve")
    @Transactional
    @PostMapping("/weights/cancel")
    public void cancel(@RequestBody Parcel parcel) {
        heard.merge(parcel.content(), "cancelled", (one, other) -> one + ", " + other);
    }

    @PostMapping("/heard/{client}")
    void hear(@PathVariable("client") String client,
            @RequestHeader(value = "Pactor-Gid", required = false) String gid,
            @RequestHeader(value = "Pactor-Branch-Id", required = false) String branch,
            @RequestHeader(value = "Pactor-Op", required = false) String op,
            @RequestHeader(value = "Pactor-Trans-Type", required = false) String mode) {
        heard.put(client, gid + " " + branch + " " + op + " " + mode);
    }

    String heard(String client) {
        return heard.get(client);
    }
}

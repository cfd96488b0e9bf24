<?php
// Calls as the core of b24phpsdk does: the application's settings in the file SETTINGS, JSON with `>`
// escaped, a path that ends in a slash, a request id, tokens refreshed by GET on 401 expired_token.

class Response
{
    public function __construct(private array $answer)
    {
    }

    public function getResponseData(): self
    {
        return $this;
    }

    public function getResult(): mixed
    {
        return $this->answer['result'];
    }
}

class Core
{
    private array $settings;

    public function __construct()
    {
        $this->settings = json_decode(file_get_contents(getenv('SETTINGS')), true);
    }

    public function call(string $method, array $params = []): Response
    {
        [$status, $answer] = $this->ask($method, $params);
        if ($status === 401 && $answer['error'] === 'expired_token') {
            $this->refresh();
            [, $answer] = $this->ask($method, $params);
        }
        if (isset($answer['error'])) {
            throw new Exception($answer['error'] . ' ' . $answer['error_description']);
        }
        return new Response($answer);
    }

    private function ask(string $method, array $params): array
    {
        $address = $this->settings['client_endpoint'] . "$method/?bx24_request_id=" . bin2hex(random_bytes(16));
        $body = json_encode([...$params, 'auth' => $this->settings['access_token']], JSON_HEX_TAG);
        return $this->send($address, [CURLOPT_POSTFIELDS => $body, CURLOPT_HTTPHEADER => ['Content-Type: application/json']]);
    }

    private function refresh(): void
    {
        $query = http_build_query([
            'grant_type' => 'refresh_token',
            'client_id' => $this->settings['client_id'],
            'client_secret' => $this->settings['client_secret'],
            'refresh_token' => $this->settings['refresh_token'],
            'bx24_request_id' => bin2hex(random_bytes(16)),
        ]);
        [, $fresh] = $this->send("https://oauth.bitrix.info/oauth/token/?$query", []);
        $this->settings = [...$this->settings, 'access_token' => $fresh['access_token']];
        file_put_contents(getenv('SETTINGS'), json_encode($this->settings));
    }

    private function send(string $address, array $options): array
    {
        $curl = curl_init($address);
        curl_setopt_array($curl, $options + [CURLOPT_RETURNTRANSFER => true]);
        $answer = curl_exec($curl);
        if ($answer === false) {
            fwrite(STDERR, curl_error($curl) . "\n");
            exit(1);
        }
        return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), json_decode($answer, true)];
    }
}

$b24Service = new class {
    public Core $core;

    public function __construct()
    {
        $this->core = new Core();
    }
};

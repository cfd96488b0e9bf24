<?php
// Calls as CRest does: as a webhook, whose address is in WEBHOOK, or as an installed application,
// whose settings are in the file SETTINGS: parameters and token in a form, one refresh at the fixed
// authorisation host when the portal says expired_token, the whole answer kept.

class CRest
{
    public static function call(string $method, array $params = []): array
    {
        $webhook = getenv('WEBHOOK');
        if ($webhook) {
            return self::send("$webhook$method.json", $params);
        }
        $settings = self::settings();
        $answer = self::asApplication($settings, $method, $params);
        if (($answer['error'] ?? '') === 'expired_token') {
            $settings = self::refreshed($settings);
            $answer = self::asApplication($settings, $method, $params);
        }
        return $answer;
    }

    public static function callBatch(array $calls, int $halt = 0): array
    {
        $commands = [];
        foreach ($calls as $name => $call) {
            $commands[$name] = $call['method'] . '?' . http_build_query($call['params'] ?? []);
        }
        return self::call('batch', ['cmd' => $commands, 'halt' => $halt]);
    }

    private static function asApplication(array $settings, string $method, array $params): array
    {
        $address = $settings['client_endpoint'] . "$method.json";
        return self::send($address, [...$params, 'auth' => $settings['access_token']]);
    }

    private static function refreshed(array $settings): array
    {
        $fresh = self::send('https://oauth.bitrix.info/oauth/token/', [
            'client_id' => $settings['client_id'],
            'grant_type' => 'refresh_token',
            'client_secret' => $settings['client_secret'],
            'refresh_token' => $settings['refresh_token'],
        ]);
        $settings = array_merge($settings, $fresh);
        file_put_contents(getenv('SETTINGS'), json_encode($settings));
        return $settings;
    }

    private static function settings(): array
    {
        return json_decode(file_get_contents(getenv('SETTINGS')), true);
    }

    private static function send(string $address, array $params): array
    {
        $curl = curl_init($address);
        curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_FOLLOWLOCATION => true]);
        if ($params) {
            curl_setopt_array($curl, [CURLOPT_POST => true, CURLOPT_POSTFIELDS => http_build_query($params)]);
        }
        $answer = curl_exec($curl);
        if ($answer === false) {
            fwrite(STDERR, curl_error($curl) . "\n");
            exit(1);
        }
        return json_decode($answer, true);
    }
}

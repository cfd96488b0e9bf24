<?php
// Calls as CRest does: as a webhook, or as an installed application, whose tokens are in the file
// SETTINGS: parameters and token in a form, one refresh at the fixed authorisation host when the
// portal says expired_token, the whole answer kept.

class CRest
{
    public static function call(string $method, array $params = []): array
    {
        if (defined('C_REST_WEB_HOOK_URL')) {
            return self::send(C_REST_WEB_HOOK_URL . "$method.json", $params);
        }
        $settings = self::settings();
        $answer = self::asApplication($settings, $method, $params);
        if (($answer['error'] ?? '') === 'expired_token') {
            $settings = self::refreshed($settings);
            $answer = self::asApplication($settings, $method, $params);
        }
        return $answer;
    }

    private static function asApplication(array $settings, string $method, array $params): array
    {
        $address = $settings['client_endpoint'] . "$method.json";
        return self::send($address, [...$params, 'auth' => $settings['access_token']]);
    }

    private static function refreshed(array $settings): array
    {
        $fresh = self::send('https://oauth.bitrix.info/oauth/token/', [
            'client_id' => C_REST_CLIENT_ID,
            'grant_type' => 'refresh_token',
            'client_secret' => C_REST_CLIENT_SECRET,
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
